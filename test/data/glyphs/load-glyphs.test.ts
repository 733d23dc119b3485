import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/datasets/dataset.js';
import { GLYPH_EXTENT, GLYPH_SIDE } from '../../../src/data/glyphs/fit-mask.js';
import {
  GLYPH_DATASETS,
  loadGlyphs,
  NO_DIGIT,
  type LoadedGlyphs,
  type LoadGlyphsSettings,
} from '../../../src/data/glyphs/load-glyphs.js';
import { letterIsOther, omniglotIsOther } from '../../../src/data/glyphs/not-digits.js';
import { DATASETS } from '../../../src/data/datasets/registry.js';
import { writerValidates } from '../../../src/data/glyphs/splits.js';
import type { GlyphSet } from '../../../src/scenes/types.js';
import { drawDigit, encodePng } from '../../helpers/data/digits.js';
import { runsLong } from '../../helpers/runner/long.js';
import { mnistDir } from '../../helpers/data/mnist.js';
import { idxFile } from '../mnist/idx-files.js';
import { bytesOf, fileOf, tarOf } from '../datasets/made-files.js';

/** As far as the rows that validate begin, and some of those. */
const SEMEION_ROWS = 440;

let folder: string;
let datasets: NonNullable<LoadGlyphsSettings['datasets']>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-glyphs-'));
  datasets = {
    unipen: made(DATASETS.unipen, { 'unipen1a-train-strokes.jsonl': unipenFile() }),
    semeion: made(DATASETS.semeion, { 'semeion.data': semeionFile(SEMEION_ROWS) }),
    optdigits: made(DATASETS.optdigits, {
      ...squares('optdigits-tra', 24),
      ...squares('optdigits-tes', 12),
    }),
    'paper-digits': made(DATASETS['paper-digits'], { 'paper-digits.tar': await paper('12', 12) }),
    'register-1850': made(DATASETS['register-1850'], { 'register-numbers-1850.tar': await numbers(6) }),
    'paper-letters': made(DATASETS['paper-letters'], { 'paper-letters.tar': await paper('OAK', 12) }),
    omniglot: made(DATASETS.omniglot, omniglotFiles(6)),
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The data set made of other files, which lie in the folder. */
function made<T>(dataset: Dataset<T>, files: Readonly<Record<string, Uint8Array>>): Dataset<T> {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return { ...dataset, files: Object.entries(files).map(([name, content]) => fileOf(name, content)) };
}

/** Each writer's 1 has a height of its own, so that a mask tells who wrote it. */
const WRITERS = Array.from({ length: 30 }, (_, i) => `w-${i}`);

function unipenFile(): Uint8Array {
  const lines = WRITERS.map((_, i) =>
    JSON.stringify({
      label: i % 10,
      contributor: 'w',
      writer: i,
      strokes_y_up: [
        [
          [0, 0],
          [10 + i, 40],
          [5, i],
        ],
      ],
    }),
  );
  expect(WRITERS.some(writerValidates)).toBe(true);
  return bytesOf(lines.join('\n'));
}

function semeionFile(rows: number): Uint8Array {
  const line = (row: number): string => {
    const pixels = Array.from({ length: 256 }, (_, i) => (i % 16 < 3 || i >= 224 || i === row % 200 ? 1 : 0));
    return [...pixels, ...Array.from({ length: 10 }, (_, i) => (i === row % 10 ? 1 : 0))].join(' ');
  };
  return bytesOf(Array.from({ length: rows }, (_, row) => line(row)).join('\n'));
}

function squares(name: string, count: number): Record<string, Uint8Array> {
  const masks = new Uint8Array(count * 32 * 32);
  for (let i = 0; i < count; i++) masks.fill(255, i * 1024, i * 1024 + 32 * (20 + (i % 12)));
  return {
    [`${name}-images-idx3-ubyte`]: idxFile([count, 32, 32], masks),
    [`${name}-labels-idx1-ubyte`]: idxFile(
      [count],
      Uint8Array.from({ length: count }, (_, i) => i % 10),
    ),
  };
}

async function paper(truths: string, each: number): Promise<Uint8Array> {
  const files: [string, Uint8Array][] = [];
  for (const truth of truths) {
    for (let i = 0; i < each; i++) {
      const drawn = drawDigit(Number(truth) || 3, {
        width: 60,
        height: 60,
        penWidth: 4,
        ink: 40,
        background: 200,
      });
      files.push([`${String(files.length).padStart(5, '0')}_${truth}.png`, await encodePng(drawn)]);
    }
  }
  return tarOf(files);
}

/** Photographed numbers of two digits, 1 and 2. */
async function numbers(count: number): Promise<Uint8Array> {
  const side = 60;
  const drawn = [1, 2].map(
    (digit) =>
      drawDigit(digit, { width: side, height: side, digitSize: 30, penWidth: 4, ink: 40, background: 200 })
        .data,
  );
  const data = Uint8Array.from({ length: 2 * side * side }, (_, i) => {
    const column = i % (2 * side);
    const row = Math.floor(i / (2 * side));
    return drawn[column < side ? 0 : 1]?.[row * side + (column % side)] ?? 0;
  });
  const png = await encodePng({ width: 2 * side, height: side, channels: 1, data });
  return tarOf(Array.from({ length: count }, (_, i) => [`${String(i).padStart(5, '0')}_12.png`, png]));
}

function omniglotFiles(characters: number): Record<string, Uint8Array> {
  const count = 20 * characters;
  const masks = new Uint8Array(count * 100);
  for (let i = 0; i < count; i++) masks.fill(255, i * 100 + 10, i * 100 + 30 + (i % 20));
  return {
    'omniglot-small-images-idx3-ubyte': idxFile([count, 10, 10], masks),
    'omniglot-small-labels-idx1-ubyte': idxFile([count], new Uint8Array(count)),
  };
}

function load(...names: LoadGlyphsSettings['names']): Promise<LoadedGlyphs> {
  return loadGlyphs({ names, datasetsDir: folder, datasets, env: {} });
}

/** Each mask as a text, to compare by. */
function masksOf({ side, masks, labels }: GlyphSet): string[] {
  return Array.from(labels, (_, i) => masks.subarray(i * side * side, (i + 1) * side * side).join());
}

/** From the first column with ink to the last. */
function columnsOf(mask: Uint8Array): number {
  let [first, last] = [GLYPH_SIDE, -1];
  for (const [place, value] of mask.entries()) {
    if (value === 0) continue;
    first = Math.min(first, place % GLYPH_SIDE);
    last = Math.max(last, place % GLYPH_SIDE);
  }
  return last - first + 1;
}

function expectFitted({ side, masks, labels, weights }: GlyphSet): void {
  expect(side).toBe(GLYPH_SIDE);
  expect(masks.length).toBe(labels.length * side * side);
  expect(weights.length).toBe(labels.length);
  const margin = (GLYPH_SIDE - GLYPH_EXTENT) / 2;
  for (let i = 0; i < labels.length; i++) {
    const mask = masks.subarray(i * side * side, (i + 1) * side * side);
    expect(mask.some((value) => value > 200)).toBe(true);
    expect(mask.subarray(0, (margin - 1) * side).every((value) => value === 0)).toBe(true);
  }
}

it('writes each digit of UNIPEN with two pens, and has no writer on both sides', async () => {
  const { training, validation, digests } = await load('unipen');
  const validators = WRITERS.filter(writerValidates);
  expect(validation.digits.labels.length).toBe(2 * validators.length);
  expect(training.digits.labels.length).toBe(2 * (WRITERS.length - validators.length));
  const expected = WRITERS.flatMap((writer, i) => (writerValidates(writer) ? [i % 10, i % 10] : []));
  expect([...validation.digits.labels]).toEqual(expected);
  const all = [...masksOf(training.digits), ...masksOf(validation.digits)];
  expect(new Set(all).size).toBe(all.length);
  for (const set of [training.digits, validation.digits]) expectFitted(set);
  // Both pens of a digit are of the same hand, and each writer here wrote one digit.
  for (const { hands, labels } of [training.digits, validation.digits]) {
    expect(new Set(hands).size).toBe(labels.length / 2);
    expect(hands?.every((hand, i) => hand >= 0 && hand === hands[i ^ 1])).toBe(true);
  }
  expect(digests).toEqual({ 'unipen1a-train-strokes.jsonl': datasets.unipen.files[0]?.sha256 });
});

it('gives stretched digits a width such as people write, the same in every run', async () => {
  expect(await load('optdigits')).toEqual(await load('optdigits'));
  const { training, validation } = await load('semeion', 'optdigits');
  expect(validation.digits.labels.length).toBe(SEMEION_ROWS - 398 + 4 + 2);
  expect(training.digits.labels.length).toBe(398 + 20 + 10);
  for (const { digits } of [training, validation]) {
    expectFitted(digits);
    for (let i = 0; i < digits.labels.length; i++) {
      const pixels = GLYPH_SIDE ** 2;
      const width = columnsOf(digits.masks.subarray(i * pixels, (i + 1) * pixels));
      expect(width / GLYPH_EXTENT).toBeGreaterThan(digits.labels[i] === 1 ? 0.08 : 0.57);
      expect(width / GLYPH_EXTENT).toBeLessThan(digits.labels[i] === 1 ? 0.53 : 0.83);
    }
  }
});

it('takes letters and characters that equal no digit as others, both as often', async () => {
  const { training, validation } = await load('omniglot', 'paper-letters', 'paper-digits');
  expect([...training.digits.labels]).toEqual([...Array(10).fill(1), ...Array(10).fill(2)]);
  expect([...validation.digits.labels]).toEqual([1, 1, 2, 2]);
  const characters = [0, 1, 2, 3, 5].length * 20; // 4 is like a 9
  for (const { others } of [training, validation]) {
    expectFitted(others);
    expect(new Set(others.labels)).toEqual(new Set([NO_DIGIT]));
  }
  const letters = 2 * 12; // of O, A and K
  expect(training.others.labels.length + validation.others.labels.length).toBe(characters + letters);
  const sum = (weights: Float32Array): number => weights.reduce((total, weight) => total + weight, 0);
  const count = training.others.labels.length - 20;
  expect(sum(training.others.weights.subarray(0, count))).toBeCloseTo(
    sum(training.others.weights.subarray(count)),
    0,
  );
});

it('cuts written numbers into their digits', async () => {
  const { training, validation } = await load('register-1850');
  expect([...training.digits.labels]).toEqual(Array.from({ length: 10 }, (_, i) => 1 + (i % 2)));
  expect([...validation.digits.labels]).toEqual([1, 2]);
  for (const { digits } of [training, validation]) expectFitted(digits);
});

it('says which file is missing', async () => {
  await expect(loadGlyphs({ names: ['semeion'], datasetsDir: folder, env: {} })).rejects.toMatchObject({
    code: 'invalid_data',
  });
  await expect(
    loadGlyphs({ names: ['omniglot'], datasetsDir: join(folder, 'none'), env: {} }),
  ).rejects.toMatchObject({ code: 'missing_file' });
});

it('knows what equals a digit', () => {
  expect('OoIlZzSsBbGgqQD'.split('').filter(letterIsOther)).toEqual([]);
  expect('AEFHKMNRTUVWXc'.split('').every(letterIsOther)).toBe(true);
  expect([91, 102, 172].some(omniglotIsOther)).toBe(false);
});

const besideTheClone = fileURLToPath(new URL('../../../../shared/datasets', import.meta.url));

const isThere = existsSync(besideTheClone) && mnistDir !== undefined;
describe.skipIf(!runsLong || !isThere)('in full, with the real data sets and real MNIST', () => {
  it('loads them all', async () => {
    const loaded = await loadGlyphs({
      names: GLYPH_DATASETS,
      datasetsDir: besideTheClone,
      dataDir: mnistDir,
    });
    const { training, validation } = loaded;
    // MNIST's 60,000, two writings of 11,919, 1,593, 2,880, and most of the 920 photos and of the register's digits.
    const count = training.digits.labels.length + validation.digits.labels.length;
    expect(count).toBeGreaterThan(60_000 + 2 * 11_919 + 1_593 + 2_880 + 800 + 1_000);
    for (const { digits, others } of [training, validation]) {
      expect(new Set(digits.labels)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
      expect(others.labels.length).toBeGreaterThan(400);
    }
    expect(Object.keys(loaded.digests)).toHaveLength(13);
  });
});
