import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, listPages, proseOf, readPage, root } from './pages.js';

/** Where the links of a page lead. */
function targetsOf(name: string): string[] {
  const links = proseOf(readPage(name)).matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)|\s(?:src|href)="([^"]+)"/g);
  return [...links].map(([, inline, ofTag]) => inline ?? ofTag ?? '');
}

/** What is wrong with a link, `null` when it leads somewhere. Other sites are not asked. */
function faultOfLink(page: string, target: string): string | null {
  if (/^(https?|mailto):/.test(target)) return null;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : posix.join(posix.dirname(page), path);
  if (!existsSync(join(root, file))) return `${page}: there is no ${file}`;
  if (anchor === undefined || !file.endsWith('.md')) return null;
  return anchorsOf(readPage(file)).has(anchor) ? null : `${page}: ${file} has no heading #${anchor}`;
}

describe('every page of Markdown', () => {
  it('leads where its links say', () => {
    const pages = listPages();
    expect(pages.length).toBeGreaterThan(40);
    const faults = pages.flatMap((page) =>
      targetsOf(page).flatMap((target) => faultOfLink(page, target) ?? []),
    );
    expect(faults).toEqual([]);
  });

  it('is told from a page that is not there', () => {
    expect(faultOfLink('README.md', 'docs/none.md')).toMatch(/no docs\/none\.md/);
    expect(faultOfLink('README.md', 'docs/README.md#none')).toMatch(/no heading #none/);
    expect(faultOfLink('docs/README.md', '../README.md#documentation')).toBe(null);
  });

  it('names files and folders that are there', () => {
    const named = /`((?:src|test|scripts|docs|bench|fuzz|page|models|teachers|examples)\/[\w./-]+)`/g;
    const missing = listPages().flatMap((page) =>
      [...readPage(page).matchAll(named)].flatMap(([, path = '']) =>
        ['', '.ts'].some((ending) => existsSync(join(root, path + ending))) ? [] : [`${page}: ${path}`],
      ),
    );
    expect(missing).toEqual([]);
  });

  // But for declarations, which are the sources' own, and figures that are kept for programs.
  it('keeps its prose and its tables within 120 columns', () => {
    const written = listPages().filter((page) => !page.endsWith('-declarations.md'));
    const tooLong = written.flatMap((page) =>
      readPage(page)
        .split('\n')
        .flatMap((line, i) =>
          line.length > 120 && !/^<!-- figures|^npx |^echo /.test(line) ? `${page}:${i + 1}` : [],
        ),
    );
    expect(tooLong).toEqual([]);
  });
});

describe('every page of the documentation', () => {
  const pages = listPages(['docs']);

  it('says in its first line who it is for', () => {
    const first = pages.map((page) => [page, readPage(page).split('\n')[2]]);
    expect(first.filter(([, line]) => !line?.startsWith('For people '))).toEqual([]);
  });

  it('is listed in an index', () => {
    const indexes = ['docs/README.md', 'docs/decisions/README.md'];
    const listed = new Set(
      indexes.flatMap((index) => targetsOf(index).map((target) => posix.join(posix.dirname(index), target))),
    );
    expect(pages.filter((page) => !listed.has(page) && page !== 'docs/README.md')).toEqual([]);
  });

  it('has a number and the parts of a decision, where it is one', () => {
    const records = pages.filter((page) => /decisions\/\d/.test(page));
    const numbers = records.map((page) => Number(/(\d{4})-/.exec(page)?.[1]));
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    for (const page of records) {
      const headings = [...readPage(page).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading).join();
      expect(headings, page).toMatch(/^Context,(Options,Decision|Options and decision|Decision)$/);
    }
  });
});
