import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WORKER_FLAGS } from '../src/server/processes/worker-memory.js';

const urlOf = (...path: string[]): string => JSON.stringify(pathToFileURL(join(process.cwd(), ...path)).href);

/** In a process of its own: V8 compiles the same text once a process. */
function run(flags: readonly string[], code: string): string {
  const program =
    `import { compileProgram, runProgram, scriptOf } from ${urlOf('dist', 'compiled-program.js')};` +
    `const isRefused = (url) => scriptOf(new URL(url)).cachedDataRejected; const say = console.log; ${code}`;
  return execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
}

describe('a program', () => {
  let folder: string;
  let url: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkdigit-program-'));
    const file = join(folder, 'program.cjs');
    writeFileSync(file, "console.log(require('node:path').basename(moduleUrl));");
    url = JSON.stringify(pathToFileURL(file).href);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const runIt = (flags: readonly string[] = []): string => run(flags, `runProgram(new URL(${url}));`);
  const isRefused = (flags: readonly string[] = []): string => run(flags, `say(isRefused(${url}));`);

  it('runs before it was compiled, when it is, and after', () => {
    expect(runIt()).toBe('program.cjs\n');
    expect(run([], `compileProgram(new URL(${url}));`)).toBe('program.cjs\n');
    expect(isRefused()).toBe('false\n');
    expect(runIt()).toBe('program.cjs\n');
  });

  it('runs where V8 refuses what was compiled', () => {
    run([], `compileProgram(new URL(${url}));`);
    const other = ['--max-lazy'];
    expect(isRefused(other)).toBe('true\n');
    expect(runIt(other)).toBe('program.cjs\n');
  });

  it('is taken where it sets a flag of the heap while it runs', () => {
    const sets = "require('node:v8').setFlagsFromString('--heap-growing-percent=100');";
    writeFileSync(join(folder, 'program.cjs'), sets);
    run(WORKER_FLAGS, `compileProgram(new URL(${url}));`);
    expect(isRefused(WORKER_FLAGS)).toBe('false\n');
  });
});

describe('what the build has compiled', () => {
  it.each([
    ['cli/serve/serve-program.cjs', []],
    ['cli/batch/batch-program.cjs', []],
    ['server/worker.cjs', WORKER_FLAGS],
    ['batch/reader-program.cjs', WORKER_FLAGS],
  ])('V8 takes, of %s', (name, flags) => {
    expect(run(flags, `say(isRefused(${urlOf('dist', name)}));`)).toBe('false\n');
  });
});
