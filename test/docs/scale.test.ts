import { describe, expect, it } from 'vitest';
import { readMeasured } from '../../scripts/docs/measured.js';
import { costsOf, scaleSections } from '../../scripts/docs/scale.js';
import { readPage, root } from './pages.js';

const benchmarks = readPage('docs/notebook/benchmarks.md');
const measured = readMeasured(benchmarks);

/** Rows of the table of a section, as cells. */
function rowsOf(page: string, section: string): string[][] {
  const from = page.indexOf(`<!-- bench: ${section} -->`);
  const lines = page.slice(from, page.indexOf('<!-- end -->', from)).split('\n');
  const rows = lines.filter((line) => line.startsWith('|')).slice(2);
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('docs/explanation/scale.md', () => {
  const page = readPage('docs/explanation/scale.md');

  it.skipIf(measured === null)('has a simulation that comes near to what was measured', () => {
    const ratios = rowsOf(page, 'machine').map((cells) => [
      Number(cells[1]),
      Number.parseFloat(cells[7] ?? ''),
    ]);
    expect(ratios.length).toBe(4);
    for (const [imagesPerRequest, ratio = NaN] of ratios) {
      // Pauses were fitted to small requests.
      const most = imagesPerRequest === 1 ? 1.5 : 2.5;
      expect(ratio).toBeGreaterThan(1 / most);
      expect(ratio).toBeLessThan(most);
    }
  });

  it.skipIf(measured === null)('says what sizes need', () => {
    const sizes = rowsOf(page, 'steps').map(([size]) => size);
    expect(new Set(sizes)).toEqual(new Set(['1,000', '100,000', '10,000,000']));
  });
});

describe('readMeasured()', () => {
  it.skipIf(measured === null)('finds numbers in all tables', () => {
    const { kinds, ...numbers } = measured ?? { kinds: [] };
    const all = [
      ...Object.values(numbers),
      ...kinds.flatMap((kind) => Object.values(kind).filter((value) => typeof value === 'number')),
    ];
    expect(all.length).toBe(9 + 4 * 6);
    for (const value of all) expect(value).toBeGreaterThan(0);
  });

  it('leaves out what was not recorded', () => {
    const lost = benchmarks.replace(
      /(<!-- bench: memory -->)[^]*?(<!-- end -->)/,
      '$1\n\nNot recorded.\n\n$2',
    );
    expect(readMeasured(lost)).toBeNull();
    for (const section of Object.values(scaleSections(root, null))) expect(section).toContain('not recorded');
  });

  it.skipIf(measured === null)('gives costs that are none below zero', () => {
    for (const kind of measured?.kinds ?? []) {
      if (!measured) continue;
      const { turnMs, imageMs, sendMs } = costsOf(measured, kind);
      expect(Math.min(turnMs, imageMs, sendMs)).toBeGreaterThan(0);
    }
  });
});
