import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDigitFolder } from './helpers/data/digit-folder.js';
import { classify, type LogLine } from './helpers/programs/service.js';
import { writeTinyModel } from './helpers/models/tiny-model.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-privacy-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const canTrace = spawnSync('strace', ['-f', 'true']).status === 0;

interface Traced {
  readonly home: string;
  readonly code: number | null;
  readonly stderr: string;
  /** Each system call of the network, of all processes and threads. */
  readonly calls: readonly string[];
}

/** Runs a program of this project under strace, for a user who has no files yet. */
async function trace(args: readonly string[], onReady?: (ready: LogLine) => Promise<void>): Promise<Traced> {
  const home = mkdtempSync(join(folder, 'home-'));
  const log = `${home}.trace`;
  const { XDG_CACHE_HOME: _cache, ORT_DISABLE_TELEMETRY: _off, ...env } = process.env;
  const strace = ['-f', '--seccomp-bpf', '-e', 'trace=network', '-s', '256', '-o', log];
  const child = spawn('strace', [...strace, process.execPath, ...args], {
    env: { ...env, HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close');
  let used: Promise<void> | undefined;
  createInterface(child.stdout).on('line', (line) => {
    if (line.includes('"msg":"ready"')) used = onReady?.(JSON.parse(line));
  });
  await ended;
  await used;
  return { home, code: child.exitCode, stderr, calls: readFileSync(log, 'utf8').split('\n') };
}

/** Calls that reach beyond this machine, or ask for the address of a name. */
function callsOutwards(calls: readonly string[]): string[] {
  return calls.filter(
    (call) =>
      /\b(connect|sendto|sendmsg|sendmmsg)\(/.test(call) &&
      (/htons\(53\)|nscd|resolve/i.test(call) ||
        (/AF_INET/.test(call) && !/inet_addr\("127\.|"(::ffff:127\.[\d.]+|::1)"/.test(call))),
  );
}

function expectPrivate({ home, code, stderr, calls }: Traced): void {
  expect(code, stderr).toBe(0);
  expect(callsOutwards(calls)).toEqual([]);
  expect(readdirSync(home, { recursive: true })).toEqual([]);
}

const TITLE = 'inkdigit talks to no host that it was not told to, and leaves no file behind (seen by strace)';
describe.skipIf(!canTrace)(TITLE, { timeout: 60_000 }, () => {
  it('serve', async () => {
    const args = [
      'bin/inkdigit.mjs',
      'serve',
      '--port',
      '0',
      '--workers',
      '2',
      '--model',
      writeTinyModel(folder),
    ];
    const traced = await trace(args, async ({ port, pid }) => {
      try {
        expect(await classify(`http://127.0.0.1:${String(port)}`, 7)).toBe(7);
      } finally {
        process.kill(Number(pid), 'SIGTERM');
      }
    });
    expectPrivate(traced);
    // That the processes are looked at at all.
    expect(traced.calls.join('\n')).toMatch(/bind\(.*127\.0\.0\.1/);
  });

  it('train, with its threads', async () => {
    const digits = join(folder, 'digits');
    await writeDigitFolder(digits, 80);
    const recipe = [
      '--network',
      'small',
      '--epochs',
      '1',
      '--batch-size',
      '64',
      '--threads',
      '2',
      '--no-test',
    ];
    const files = ['--images', digits, '--out', join(folder, 'mnist.onnx')];
    expectPrivate(await trace(['bin/inkdigit.mjs', 'train', ...recipe, ...files]));
  });

  it('classify --local', async () => {
    expectPrivate(await trace(['bin/inkdigit.mjs', 'classify', '--local', 'examples/digits/7.png']));
  });

  it('the library', async () => {
    expectPrivate(await trace(['examples/library.mjs']));
  });
});

describe('the library in a worker thread', () => {
  const library = JSON.stringify(new URL('../dist/index.js', import.meta.url));
  const run = promisify(execFile);
  const inThread = (before: string): string =>
    `${before} new (await import('node:worker_threads')).Worker('import(${library}).then(() => ` +
    `console.log("loaded"))', { eval: true });`;
  const evaluate = (script: string): ReturnType<typeof run> => {
    const { ORT_DISABLE_TELEMETRY: _off, ...env } = process.env;
    return run(process.execPath, ['--input-type=module', '-e', script], { env });
  };

  it('works where the main thread has imported it before', async () => {
    expect((await evaluate(inThread(`await import(${library});`))).stdout).toBe('loaded\n');
  });

  it('refuses where it could not switch off the usage data of ONNX Runtime, and says what to do', async () => {
    await expect(evaluate(inThread(''))).rejects.toThrow(
      /Import inkdigit in the main thread before .*ORT_DISABLE_TELEMETRY=1/,
    );
  });
});
