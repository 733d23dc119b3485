// Has V8 compile the programs that many wait for, by running them as they will be run, and keeps what came of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SERVICE = join('cli', 'serve', 'serve-program');
const BATCH = join('cli', 'batch', 'batch-program');
const READER = join('batch', 'reader-program');

/** Bundled as `.cjs`; the `.js` beside each runs it. */
export const PROGRAMS = [SERVICE, join('server', 'worker'), BATCH, READER];

/** Pictures, and one as the first one of many services is. */
const PICTURES = fileURLToPath(new URL('../../examples/digits', import.meta.url));
const PICTURE = join(PICTURES, '7.png');

/** @param folder with the bundles */
export async function compilePrograms(folder) {
  for (const program of PROGRAMS) writeStarter(folder, program, 'compileProgram');
  await useService(join(folder, `${SERVICE}.js`));
  await readBatch(join(folder, `${BATCH}.js`));
  // It has no parent that tells it what to read, and ends once it has loaded; a batch ends its own without a word.
  const { WORKER_FLAGS } = await import(
    pathToFileURL(join(folder, 'server', 'processes', 'worker-memory.js')).href
  );
  await endOf(start([...WORKER_FLAGS, join(folder, `${READER}.js`)]));
  for (const program of PROGRAMS) writeStarter(folder, program, 'runProgram');
}

export function pathBetween(from, to) {
  return relative(from, to).replaceAll('\\', '/');
}

/** @param run what `compiled-program.ts` is to do with the program */
function writeStarter(folder, program, run) {
  const file = join(folder, program);
  const from = pathBetween(dirname(file), join(folder, 'compiled-program.js'));
  const url = `new URL('${basename(file)}.cjs', import.meta.url)`;
  writeFileSync(`${file}.js`, `import { ${run} } from '${from}';\n${run}(${url});\n`);
}

/** Starts the service, has it answer, and stops it: then its processes keep what they have compiled. */
async function useService(program) {
  const address = ['--host', '127.0.0.1', '--port', '0'];
  const service = start([program, 'serve', ...address, '--workers', '1', '--drain-ms', '0']);
  const ended = endOf(service);
  try {
    const port = (await Promise.race([portOf(service), ended])) ?? (await ended);
    const url = `http://127.0.0.1:${port}`;
    const body = new FormData();
    body.set('image', await openAsBlob(PICTURE), 'image.png');
    for (const answer of [
      await fetch(`${url}/readyz`),
      await fetch(`${url}/mnist/classify`, { method: 'POST', body }),
    ]) {
      if (!answer.ok) throw new Error(`${answer.url} answers ${answer.status}: ${await answer.text()}`);
    }
  } finally {
    service.program.kill('SIGTERM');
  }
  await ended;
}

/** Has pictures read, and their rows thrown away. */
async function readBatch(program) {
  const output = mkdtempSync(join(tmpdir(), 'inkdigit-build-'));
  try {
    await endOf(start([program, 'batch', PICTURES, '--output', join(output, 'rows')]));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** None of its options, nor where traces go, is taken from who builds. What it says is told where it fails. */
function start(args) {
  const isOption = ([name]) => /^(INKDIGIT|OTEL)_/.test(name);
  const env = Object.fromEntries(Object.entries(process.env).filter((entry) => !isOption(entry)));
  const program = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const started = { program, said: '' };
  program.stderr.setEncoding('utf8').on('data', (text) => (started.said += text));
  return started;
}

async function portOf({ program }) {
  for await (const line of createInterface(program.stdout)) {
    const { msg, port } = JSON.parse(line);
    if (msg !== 'ready') continue;
    program.stdout.resume();
    return port;
  }
  return undefined;
}

/** @throws Error where the program fails */
async function endOf(started) {
  const { program } = started;
  const [code, signal] = await once(program, 'close');
  if (code === 0 || program.killed) return;
  const how = signal ?? `exit code ${code}`;
  throw new Error(`${program.spawnargs.join(' ')} ended: ${how}. It said: ${started.said}`);
}
