import { describe, expect, it } from 'vitest';
import { numbersPage, type ShownNumber } from '../../../src/evaluation/html/numbers-page.js';
import { measureNumbers, type ReadNumber } from '../../../src/evaluation/number-metrics.js';

const number = (truth: string, text: string, probability: number): ReadNumber => ({
  file: `scans/<${truth}>.png`,
  truth,
  text,
  probability,
});
const numbers = [number('0472', '0472', 0.9), number('123', '13', 0.8), number('35\n81', '35\n87', 0.6)];
const shown: ShownNumber[] = numbers.slice(1).map((each) => ({
  number: each,
  gray: { width: 60, height: 20, data: new Uint8Array(1200).fill(200) },
  boxes: [[2, 3, 10, 14]],
}));

function pageOf(wrong = shown, all: readonly ReadNumber[] = numbers): string {
  const metrics = measureNumbers(all);
  return numbersPage({
    model: 'models/fake.onnx',
    title: 'the 3 numbers in scans',
    metrics,
    wrong,
    made: new Date('2026-02-03T04:05:06Z'),
  });
}

const textOf = (page: string): string =>
  page
    .replaceAll(/<style>[^]*?<\/style>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('numbersPage', () => {
  it('needs nothing but itself', () => {
    const page = pageOf();
    expect(page).not.toMatch(/<script|<link|javascript:|\son\w+=/i);
    const addresses = [...page.matchAll(/(?:\b(?:src|href)=|url\()["']?([^"')\s]*)/g)];
    expect(addresses.map(([, url = '']) => url.slice(0, 22))).toEqual([
      'data:image/png;base64,',
      'data:image/png;base64,',
    ]);
    expect(page).toContain('prefers-color-scheme: dark');
  });

  it('states the figures', () => {
    const text = textOf(pageOf());
    expect(text).toContain('How well the 3 numbers in scans are read');
    expect(text).toContain('numbers right 33.33 %');
    expect(text).toContain('read wrongly 2 of 3 numbers');
    expect(text).toContain('missed digits 1 ');
    expect(text).toContain('wrong digits 1 ');
    expect(text).toContain('digits numbers right share 3 1 0 0.00 % 4 2 1 50.00 %');
  });

  it('shows each wrong number in its picture, and marks the digits that differ', () => {
    const page = pageOf();
    expect(page).toContain('aria-label="123 read as 13"');
    expect(page).toContain('aria-label="35 / 81 read as 35 / 87"');
    expect(page).toContain('<rect class="box" x="2" y="3" width="10" height="14" />');
    const marks = [...page.matchAll(/<mark>(.*?)<\/mark>/g)].map(([, mark]) => mark);
    expect(marks).toEqual(['2', '·', '1', '7']);
    expect(page).toContain('scans/&lt;123&gt;.png');
  });

  it('says how many there are beside those that are shown, or that there are none', () => {
    expect(textOf(pageOf(shown.slice(0, 1)))).toContain('The 1 most confident of 2.');
    expect(textOf(pageOf())).toContain('All of them, the most confident first.');
    expect(textOf(pageOf([], numbers.slice(0, 1)))).toContain('Every number was read correctly.');
  });
});
