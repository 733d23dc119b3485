import { describe, expect, it } from 'vitest';
import {
  refusalToRecord,
  renderSection,
  replaceSection,
  type BenchmarkResult,
} from '../../../bench/report/report.js';
import { readPage } from '../../docs/pages.js';

const result: BenchmarkResult = {
  method: 'Measured twice.',
  columns: ['network', 'speed', 'ratio'],
  rows: [
    ['baseline', '1,200 to 1,300', '1.02x'],
    ['compact', '900', ''],
  ],
  notes: ['A note.'],
};
const setting = { machine: 'a machine', date: new Date('2026-03-04T05:06:07Z') };

describe('renderSection', () => {
  it('answers the question with place, date, method, table and notes', () => {
    expect(renderSection('How fast?', result, setting)).toBe(
      [
        '## How fast?',
        '2026-03-04, a machine. Measured twice.',
        '| network | speed | ratio |\n| --- | ---: | ---: |\n' +
          '| baseline | 1,200 to 1,300 | 1.02x |\n| compact | 900 |  |',
        'A note.',
      ].join('\n\n'),
    );
  });
});

describe('renderSection of many columns', () => {
  it('has a row for each of them', () => {
    const columns = Array.from({ length: 11 }, (_, i) => `c${i}`);
    const wide = {
      ...result,
      columns,
      rows: [columns.map((_, i) => `${i}`), columns.map((_, i) => `${i}0`)],
    };
    const lines = renderSection('How fast?', wide, setting)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(lines.slice(0, 3)).toEqual(['| c0 | 0 | 00 |', '| --- | ---: | ---: |', '| c1 | 1 | 10 |']);
    expect(lines).toHaveLength(12);
  });
});

describe('renderSection of wide cells', () => {
  it('keeps the formatter from padding rows beyond the page', () => {
    const rows = [
      ['a'.repeat(60), 'b'],
      ['a', 'b'.repeat(60)],
    ];
    const section = renderSection('How fast?', { ...result, columns: ['first', 'second'], rows }, setting);
    expect(section).toContain('<!-- prettier-ignore -->\n| first | second |\n');
    expect(renderSection('How fast?', result, setting)).not.toContain('prettier-ignore');
  });
});

describe('refusalToRecord', () => {
  const timed = { name: 'training', question: 'How fast?', run: async () => result };

  it('refuses figures of a machine that did other work', () => {
    expect(refusalToRecord(timed, 0.97)).toMatch(
      /^training is not recorded: other work took 97 % .* expected at most 10 %\. Run it again when .* idle\.$/,
    );
    expect(refusalToRecord(timed, 0.1)).toBe(null);
  });

  it('takes what does not depend on other work', () => {
    expect(refusalToRecord({ ...timed, isTimed: false }, 0.97)).toBe(null);
  });

  it('has kept such figures off the page', () => {
    expect(readPage('docs/notebook/benchmarks.md')).not.toMatch(/measure anew when|not recorded: other/);
  });
});

describe('replaceSection', () => {
  const page =
    '# Page\n\n<!-- bench: a -->\n\nold a\n\n<!-- end -->\n\n<!-- bench: ab -->\n\nold ab\n\n<!-- end -->\n\nrest\n';

  it.each(['a', 'ab'])('replaces section %s and nothing else', (name) => {
    const next = replaceSection(page, name, 'new');
    expect(next).toBe(page.replace(`old ${name}\n`, 'new\n'));
    expect(replaceSection(next, name, 'new')).toBe(next);
  });

  it('takes a section as it is, signs and all', () => {
    expect(replaceSection(page, 'a', "$& $1 $'")).toContain("\n\n$& $1 $'\n\n");
  });

  it('adds a section that the page does not have yet', () => {
    const next = replaceSection(page, 'c', 'new');
    expect(next).toBe(`${page}\n<!-- bench: c -->\n\nnew\n\n<!-- end -->\n`);
  });

  it('fills a section that is empty', () => {
    expect(replaceSection('<!-- bench: a -->\n\n<!-- end -->\n', 'a', 'new')).toContain('new');
  });

  it('refuses a section without an end, and keeps the one after it', () => {
    const damaged = page.replace('<!-- end -->\n\n', '');
    expect(() => replaceSection(damaged, 'a', 'new')).toThrow(/<!-- end --> after <!-- bench: a -->/);
    expect(() => replaceSection('<!-- bench: a -->', 'a', 'new')).toThrow(/put it back/);
  });
});
