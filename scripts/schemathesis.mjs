// `npm run test:schemathesis`: starts the service, and lets Schemathesis (https://schemathesis.io, from PyPI) ask it
// whatever its OpenAPI document allows and forbids. Arguments go to `schemathesis run`:
// `npm run test:schemathesis -- --max-examples 1000 --seed 2`.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * What a service may get wrong. Left out are that it takes whatever its schema allows and refuses whatever it forbids:
 * a file that the schema allows may be no picture, and a member that it does not know is ignored.
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
  'ignored_auth',
];

/** How to start it; `null` where it is not installed. `SCHEMATHESIS` names it where no PATH has it. */
export function findSchemathesis() {
  const named = process.env.SCHEMATHESIS;
  const names = named ? [named.includes('/') ? resolve(named) : named] : ['schemathesis', 'st'];
  const isThere = (name) => /\b4\.\d/.test(String(spawnSync(name, ['--version']).stdout));
  return names.find(isThere) ?? null;
}

/**
 * Asks a service.
 * @returns {Promise<{ status: number | null, said: string }>} 0 where nothing was found, and all that was said
 */
export async function runSchemathesis(program, url, args = [], onText = () => {}) {
  const child = spawn(
    program,
    [
      'run',
      new URL('openapi.json', url).href,
      `--url=${url}`,
      `--checks=${CHECKS.join(',')}`,
      '--no-color',
      '--continue-on-failure',
      // Nothing is kept from one run to the next.
      ...(args.includes('--generation-deterministic') ? [] : ['--generation-database=none']),
      '--suppress-health-check=all',
      '--warnings=off',
      // Models that cannot be changed are refused with 501, which Schemathesis takes for a fault of the service.
      '--exclude-path-regex=^/v2/repository/models/',
      ...args,
    ],
    // It leaves a folder where it runs.
    { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
      onText(text);
    });
  }
  const [status] = await once(child, 'close');
  return { status, said };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const program = findSchemathesis();
  if (program === null) {
    console.error(
      'Schemathesis 4 is not there. Install it (pip install schemathesis), or name it: SCHEMATHESIS=venv/bin/st.',
    );
    process.exit(1);
  }
  const { ensureReady } = await import('./setup.mjs');
  ensureReady();
  // With every route that the document has: those of a store, and /metrics.
  const store = mkdtempSync(join(tmpdir(), 'inkdigit-schemathesis-'));
  process.once('exit', () => rmSync(store, { recursive: true, force: true }));
  const inkdigit = (...args) => ['bin/inkdigit.mjs', ...args, '--models', store];
  for (const args of [inkdigit('models', 'add', 'models/mnist.int8.onnx'), inkdigit('models', 'use', '1')]) {
    execFileSync(process.execPath, args, { cwd: root, stdio: 'ignore' });
  }
  const args = inkdigit(
    'serve',
    '--port',
    '0',
    '--workers',
    '1',
    '--log-level',
    'error',
    '--metrics-on-main-port',
  );
  const service = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const url = await new Promise((found) => {
    service.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      const [address] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said) ?? [];
      if (address) found(address);
    });
    service.once('close', () => found(null));
  });
  if (url === null) {
    console.error(`The service did not start: ${said}`);
    process.exit(1);
  }
  const show = (text) => process.stdout.write(text);
  const { status } = await runSchemathesis(program, url, process.argv.slice(2), show);
  service.kill('SIGTERM');
  process.exit(status ?? 1);
}
