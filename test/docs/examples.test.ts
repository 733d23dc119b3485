import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pathWithNpx } from '../helpers/programs/npx-shim.js';
import { endServices, startService } from '../helpers/programs/service.js';
import { codeBlocks, commandsOf, readPage, root } from './pages.js';

/** Pages whose examples are run as they stand, but for the address of the service. */
const PAGES = [
  'README.md',
  'docs/how-to/call-the-service.md',
  'docs/reference/library.md',
  'docs/tutorials/first-answer.md',
];

/** Within the repository, so that `import 'inkdigit'` finds this package; git ignores it. */
const folder = join(root, 'test-output', 'examples');

const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0;

let url: string;
beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  ({ url } = await startService(['--port', '0', '--workers', '1']).ready);
});
afterAll(endServices);

interface Example {
  readonly page: string;
  readonly code: string;
  readonly place: number;
}

function examplesIn(language: string): Example[] {
  return PAGES.flatMap((page) =>
    codeBlocks(readPage(page), language).map((code, place) => ({ page, code, place })),
  );
}

/** The example as a file that asks the test's service. */
function fileOf({ page, code, place }: Example, ending: string): string {
  const file = join(folder, `${page.replaceAll(/\W/g, '-')}-${place}.${ending}`);
  writeFileSync(file, code.replaceAll('http://127.0.0.1:8000', url));
  return file;
}

async function outputOf(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd: root });
  return stdout;
}

/** What the comments behind the printing lines of an example promise: `print(x)  # 7`. */
function promised(code: string): string[] {
  return [...code.matchAll(/^(?:print|console\.log)\(.*(?:#|\/\/) (\S+)$/gm)].map(([, value = '']) => value);
}

function expectPromised(stdout: string, code: string): void {
  expect(stdout).toMatch(/\d/);
  for (const value of promised(code)) expect(stdout.split(/\s/)).toContain(value);
}

describe('examples of the documentation', () => {
  it('are there in every language', () => {
    for (const language of ['python', 'js', 'ts']) {
      const of = examplesIn(language).map(({ page }) => page);
      expect(of).toEqual(expect.arrayContaining(['README.md', 'docs/how-to/call-the-service.md']));
    }
    expect(promised(examplesIn('python')[0]?.code ?? '')).toEqual(['7']);
  });

  it.skipIf(!hasRequests).each(examplesIn('python'))(
    '$page, Python (needs python3 with requests)',
    async (example) => {
      expectPromised(await outputOf('python3', fileOf(example, 'py')), example.code);
    },
  );

  it.each(examplesIn('js'))('$page, JavaScript', async (example) => {
    expectPromised(await outputOf(process.execPath, fileOf(example, 'mjs')), example.code);
  });

  it.each(examplesIn('ts'))('$page, TypeScript', async (example) => {
    const tsx = ['--import', 'tsx'];
    expectPromised(await outputOf(process.execPath, ...tsx, fileOf(example, 'ts')), example.code);
  });

  it('have types that check', async () => {
    const files = examplesIn('ts').map((example) => fileOf(example, 'ts'));
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: '../../tsconfig.json', include: [], files }),
    );
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    expect(await outputOf(process.execPath, tsc, '-p', folder)).toBe('');
  });

  const commands = PAGES.filter((page) => page !== 'README.md').flatMap((page) => commandsOf(readPage(page)));
  it.each(commands.filter((command) => command !== 'npm start'))('%s', async (command) => {
    const line = command.replaceAll('http://127.0.0.1:8000', url);
    const { stdout } = await promisify(execFile)('bash', ['-o', 'pipefail', '-c', line], {
      cwd: root,
      env: { ...process.env, INKDIGIT_SERVER: url, PATH: pathWithNpx(join(folder, 'npx')) },
    });
    expect(stdout).toMatch(/\d/);
    expect(stdout).not.toMatch(/"message"|rror/);
  });
});
