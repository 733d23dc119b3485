import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/datasets/dataset.js';
import { GLYPH_DATASETS } from '../../../src/data/glyphs/load-glyphs.js';
import { DATASET_NAMES, datasetNames, DATASETS } from '../../../src/data/datasets/registry.js';
import { errorOf } from './made-files.js';

describe('DATASETS', () => {
  it.each(DATASET_NAMES)('has under its name all that is to be known of %s', (name) => {
    const dataset: Dataset<unknown> = DATASETS[name];
    expect(dataset.name).toBe(name);
    expect(dataset.title).not.toBe('');
    expect(dataset.licence).toMatch(/^(CC BY(-SA)? [34]\.0|MIT)$/);
    expect(new URL(dataset.page).protocol).toMatch(/^https?:$/);
    expect(dataset.files.length).toBeGreaterThan(0);
    for (const { name: file, bytes, sha256, urls } of dataset.files) {
      expect(file).toMatch(/^([a-z0-9-]+\/)?[a-z0-9.-]+$/);
      expect(bytes).toBeGreaterThan(0);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      for (const url of urls) expect(new URL(url).protocol).toBe('https:');
    }
  });

  it('has no file twice', () => {
    const files = DATASET_NAMES.flatMap((name) => DATASETS[name].files.map((file) => file.name));
    expect(new Set(files).size).toBe(files.length);
  });
});

describe('datasetNames', () => {
  it('gives each name once, in the order given', () => {
    expect(datasetNames(['semeion', 'mnist', 'semeion'], GLYPH_DATASETS)).toEqual(['semeion', 'mnist']);
  });

  it.each(['', 'MNIST', 'toString', '__proto__', 'sudoku-photos'])(
    'refuses %j with those that there are',
    (name) => {
      const error = errorOf(() => datasetNames(['mnist', name], GLYPH_DATASETS));
      expect(error.code).toBe('invalid_option');
      expect(error.message).toBe(
        'Expected names of data sets, each of mnist, unipen, semeion, optdigits, paper-digits, ' +
          `register-1850, omniglot, paper-letters; got ${JSON.stringify(name)}.`,
      );
    },
  );
});
