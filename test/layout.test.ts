import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Files of a folder and those below it, with `/`. */
function filesOf(folder: string): string[] {
  return readdirSync(new URL(`../${folder}`, import.meta.url), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts'));
}

const sources = filesOf('src');

describe('src/', () => {
  it('has no name twice: a name says which file is meant', () => {
    const names = sources.map((file) => basename(file));
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter((name, place) => names.indexOf(name) < place)).toEqual([]);
  });

  it('has no folder that one cannot look over', () => {
    const sizes = new Map<string, number>();
    for (const file of sources) sizes.set(dirname(file), (sizes.get(dirname(file)) ?? 0) + 1);
    expect([...sizes].filter(([, size]) => size > 16)).toEqual([]);
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
