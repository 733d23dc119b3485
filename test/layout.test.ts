import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Files of a folder and those below it, with `/`. */
function filesOf(folder: string): string[] {
  return readdirSync(new URL(`../${folder}`, import.meta.url), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts'));
}

const sources = filesOf('src');

describe('every folder of sources', () => {
  const parts = ['src', 'page', 'bench', 'fuzz', 'scripts', 'test/helpers'];
  const files = execFileSync('git', ['ls-files', ...parts], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);

  it('has no more files than one can look over', () => {
    const sizes = new Map<string, number>();
    for (const file of files) sizes.set(dirname(file), (sizes.get(dirname(file)) ?? 0) + 1);
    expect(sizes.size).toBeGreaterThan(50);
    expect([...sizes].filter(([, size]) => size > 16)).toEqual([]);
  });

  it('has no file of more than 300 lines', () => {
    const written = files.filter((file) => !file.endsWith('.json'));
    const long = written.filter((file) => readFileSync(file, 'utf8').split('\n').length > 301);
    expect(long).toEqual([]);
  });
});

describe('src/', () => {
  it('has no name twice: a name says which file is meant', () => {
    const names = sources.map((file) => basename(file));
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter((name, place) => names.indexOf(name) < place)).toEqual([]);
  });

  it('is mirrored by test/: the test of a file lies where the file does', () => {
    const folderOf = new Map(sources.map((file) => [basename(file), dirname(file).replace(/^src/, 'test')]));
    const tests = filesOf('test').filter((file) => file.endsWith('.test.ts'));
    const astray = tests.filter((file) => {
      const folder = folderOf.get(basename(file).replace('.test', ''));
      return (
        folder !== undefined && !/^test\/(page|bench|fuzz|package)\//.test(file) && folder !== dirname(file)
      );
    });
    expect(astray).toEqual([]);
  });
});
