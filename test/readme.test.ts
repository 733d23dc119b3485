import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsOf, readPage, root } from './docs/pages.js';
import { mnistDir } from './helpers/data/mnist.js';
import { pathWithNpx } from './helpers/programs/npx-shim.js';

const readme = readPage('README.md');
const commands = commandsOf(readme);

/** What makes the long commands short; each is printed in the README without it. */
const SHORT = {
  INKDIGIT_EPOCHS: '1',
  INKDIGIT_TRAIN_IMAGES: '512',
  INKDIGIT_NETWORK: 'small',
  INKDIGIT_SPLIT: 'validation',
};

function needsMnist(command: string): boolean {
  return /train|evaluate|download/.test(command);
}

let port: number;
let folder: string;
let quickPath: string;
let server: ChildProcess | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-readme-'));
  quickPath = pathWithNpx(join(folder, 'npx'));
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  probe.close();
});
afterAll(() => {
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function environment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...SHORT,
    ...(mnistDir ? { MNIST_DATA_DIR: mnistDir } : {}),
    INKDIGIT_PORT: String(port),
    INKDIGIT_SERVER: `http://127.0.0.1:${port}/`,
    INKDIGIT_OUT: join(folder, 'mnist.onnx'),
    INKDIGIT_FOLDER: join(folder, 'mnistimages'),
  };
}

/** Runs a line of the README as it stands, but for the port and where results go: a user's own lie in `runs/`. */
function run(command: string): { status: number | null; stdout: string; stderr: string } {
  const line = command
    .replaceAll('127.0.0.1:8000', `127.0.0.1:${port}`)
    .replaceAll(/(?<= )runs\//g, `${folder}/runs/`)
    .replace(/^(node examples\/client\.mjs)$/, `$1 http://127.0.0.1:${port}/`);
  // The first is started by npm itself, as by a user.
  const PATH = command === commands.find((one) => one.startsWith('npx ')) ? process.env['PATH'] : quickPath;
  return spawnSync('bash', ['-o', 'pipefail', '-c', line], {
    cwd: root,
    env: { ...environment(), PATH },
    encoding: 'utf8',
  });
}

describe('the README', () => {
  it('opens with the commands that a new user types', () => {
    expect(commands[0]).toBe('npm start');
    expect(commands).toContain('npm test');
  });

  it('starts the service with npm start', async () => {
    const started = spawn('npm', ['start'], {
      cwd: root,
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    server = started;
    let said = '';
    for await (const text of started.stderr.setEncoding('utf8')) {
      said += String(text);
      if (said.includes('curl')) break;
    }
    expect(said).toContain(`http://127.0.0.1:${port}`);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
  });

  const rest = commands.filter((command) => !['npm start', 'npm test'].includes(command));
  it.each(rest.filter((command) => !needsMnist(command)))('%s', (command) => {
    const { status, stdout, stderr } = run(command);
    expect(status, stderr).toBe(0);
    expect(stdout).not.toBe('');
    expect(stdout).not.toMatch(/"message"|rror/);
  });

  describe.skipIf(!mnistDir)('on real MNIST', () => {
    it.each(rest.filter(needsMnist))('%s', (command) => {
      const { status, stderr } = run(command);
      expect(status, stderr).toBe(0);
    });
  });

  it('shows the answer that its first curl gets', () => {
    const shown: unknown = JSON.parse(/```json\n([^]*?)```/.exec(readme)?.[1] ?? '');
    const first = commands.find((command) => command.startsWith('curl')) ?? '';
    const answered: { responses: { class: number; probability: number }[] } = JSON.parse(run(first).stdout);
    expect({
      responses: answered.responses.map((response) => ({
        ...response,
        probability: Math.round(response.probability * 1e4) / 1e4,
      })),
    }).toEqual(shown);
  });

  it('ends the service when npm start is told to end', async () => {
    if (!server) throw new Error('npm start did not run');
    const closed = once(server, 'close');
    server.kill('SIGTERM');
    await closed;
    await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow('fetch failed');
  });
});
