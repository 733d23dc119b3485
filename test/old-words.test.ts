import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface OldWord {
  /** A regular expression. */
  readonly old: string;
  readonly instead: string;
  /** File -> why it may keep the word: an alias or a name in files, mostly. */
  readonly except?: Readonly<Record<string, string>>;
}

interface OldWords {
  readonly roots: readonly string[];
  /** Parts of the roots that are not held to it yet. */
  readonly pending: readonly string[];
  readonly words: readonly OldWord[];
}

const root = fileURLToPath(new URL('..', import.meta.url));
const { roots, pending, words }: OldWords = JSON.parse(readFileSync(`${root}/old-words.json`, 'utf8'));
/** This test, and what a package generates. */
const EXEMPT: ReadonlySet<string> = new Set(['test/old-words.test.ts', 'test/openapi/generated-types.d.ts']);
const MOST_COLUMNS = 120;

/** Figures of a benchmark are kept in a comment, for programs. */
function widthOf(line: string): number {
  return line.startsWith('<!-- figures: ') ? 0 : line.length;
}

const files = execFileSync('git', ['ls-files', ...roots], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => /\.(ts|mts|mjs|py|css|html|md)$/.test(path) && !EXEMPT.has(path))
  .filter((path) => !pending.some((part) => path === part || path.startsWith(`${part}/`)))
  .map((path) => ({ path, lines: readFileSync(`${root}/${path}`, 'utf8').split('\n') }));

describe('the text of the repository', () => {
  it('has the words of the field, not the old ones of old-words.json', () => {
    expect(files.length).toBeGreaterThan(300);
    const found = words.flatMap(({ old, instead, except = {} }) => {
      const pattern = new RegExp(old);
      return files
        .filter(({ path }) => !(path in except))
        .flatMap(({ path, lines }) =>
          lines.flatMap((line, i) =>
            pattern.test(line) ? [`${path}:${i + 1}: ${line.trim()} (${instead})`] : [],
          ),
        );
    });
    expect(found).toEqual([]);
  });

  it('names no file as an exception that needs none', () => {
    const idle = words.flatMap(({ old, except = {} }) =>
      Object.keys(except).filter((path) => {
        const file = files.find((one) => one.path === path);
        return !file?.lines.some((line) => new RegExp(old).test(line));
      }),
    );
    expect(idle).toEqual([]);
  });

  it(`has no line over ${MOST_COLUMNS} columns`, () => {
    const long = files.flatMap(({ path, lines }) =>
      lines.flatMap((line, i) => (widthOf(line) > MOST_COLUMNS ? [`${path}:${i + 1}`] : [])),
    );
    expect(long).toEqual([]);
  });
});
