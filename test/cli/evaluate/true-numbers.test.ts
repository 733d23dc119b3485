import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbersInCsv, numbersInNames } from '../../../src/cli/evaluate/true-numbers.js';
import { numbersCsv } from '../../../src/cli/read/read-report.js';

const files = ['scans/a.png', 'scans/b.png', 'scans/old/c.png'];
const read = (csv: string): unknown => numbersInCsv(csv, 'truth.csv', 'scans', files);

describe('numbersInNames', () => {
  it('takes the images whose names carry a number', () => {
    expect(numbersInNames(['a/x_truelabel_0472.png', 'a/y.png'])).toEqual([
      { file: 'a/x_truelabel_0472.png', truth: '0472' },
    ]);
  });
});

describe('numbersInCsv', () => {
  it('finds the columns by their names, and the images by name, by place in the folder, and by path', () => {
    expect(read('index,truth,file\n0,0472,a.png\r\n1,"35\n81",old/c.png\n\n2,,scans/b.png\n')).toEqual([
      { file: 'scans/a.png', truth: '0472' },
      { file: 'scans/old/c.png', truth: '35\n81' },
      { file: 'scans/b.png', truth: '' },
    ]);
    expect(read('\ufeffImage,Number\n"c.png","7"')).toEqual([{ file: 'scans/old/c.png', truth: '7' }]);
  });

  it('reads what inkdigit read --csv writes', () => {
    const texts = fc.array(fc.stringMatching(/^[0-9]{0,5}(\n[0-9]{1,5})?$/), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(texts, (numbers) => {
        const results = files.map((file, i) => ({
          file,
          outcome: { text: numbers[i] ?? '', probability: 0.5, accepted: true, unread: [] },
        }));
        const truths = numbersInCsv(numbersCsv(results, true), 'truth.csv', 'scans', files);
        expect(truths.map(({ truth }) => truth)).toEqual(numbers);
      }),
    );
  });

  it.each([
    ['no names of columns', 'a.png,0472\n', /name the columns file and number.*a\.png,0472/],
    ['an image that is not there', 'file,number\nb.png,1\nd.png,2\n', /Row 2 of truth\.csv names "d\.png"/],
    ['an image twice', 'file,number\na.png,1\nscans/a.png,2\n', /again/],
    ['what is no number', 'file,number\na.png,12x\n', /digits as its number.*"12x"/],
    ['a quote in a field', 'file,number\na.png,1\nb"x.png,2\n', /row 2 has a quote/],
    ['a quote that never ends', 'file,number\na.png,"1\n', /row 1 has a quote/],
  ])('refuses %s', (_what, csv, message) => {
    expect(() => read(csv)).toThrow(message);
    expect(() => read(csv)).toThrow(expect.objectContaining({ code: 'invalid_data' }));
  });
});
