/**
 * Writes numbers by people whom no network learned from, with their truth in `numbers.csv`, for
 * `inkdigit evaluate --numbers`: npx tsx scripts/pictures/written-numbers.ts KIND COUNT SEED FOLDER
 *
 * `pens`: phone numbers, dates and postcodes from the strokes of a pen tablet, each of one writer. `pages`: several of
 * them below each other. `amounts`: on paper such as scenes are made of, photographed or scanned. Data sets lie where
 * `INKDIGIT_DATASETS_DIR` and `MNIST_DATA_DIR` say. The same seed gives the same pictures.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadGlyphs } from '../../src/data/glyphs/load-glyphs.js';
import { drawSegment } from '../../src/data/glyphs/pen.js';
import { writerValidates } from '../../src/data/glyphs/splits.js';
import type { PenDigit, PenPoint } from '../../src/data/datasets/parse-unipen.js';
import { datasetsFolder, readDataset } from '../../src/data/datasets/read-dataset.js';
import { DATASETS } from '../../src/data/datasets/registry.js';
import type { Raster } from '../../src/image/raster.js';
import { between, normal, pick, wholeBetween, type Random } from '../../src/random.js';
import { randomStream } from '../../src/random-streams.js';
import { createBanks } from '../../src/scenes/banks.js';
import { drawGlyph, type Canvas } from '../../src/scenes/draw-glyph.js';
import { GlyphShapes } from '../../src/scenes/glyph-shapes.js';
import { fitting, GLYPH_INK, pickStyle } from '../../src/scenes/hand.js';
import { drawPrint } from '../../src/scenes/marks/print.js';
import { photograph } from '../../src/scenes/photograph.js';
import { laySheet, layerOfTexture } from '../../src/scenes/sheet.js';
import { drawSeparator } from '../../src/scenes/numbers/separators.js';
import { encodePng } from '../../test/helpers/data/digits.js';

interface WrittenNumber {
  readonly digits: string;
  readonly writer: string;
  readonly picture: Raster;
}

/** Texts to write: `d` is any digit. */
const AMOUNTS = ['dd', 'ddd', 'dddd', 'ddd.dd', 'd.ddd.dd', 'dd.dd', 'dddd.dd', 'd.ddd'] as const;
const PHONES = ['ddd-dddd', 'ddd-ddd-dddd', '(ddd) ddd-dddd'] as const;
const POSTCODES = ['ddddd', 'ddddd-dddd'] as const;

function anyText(random: Random): string {
  const kind = random();
  if (kind < 0.35) return filled(pick(random, PHONES), random);
  return kind < 0.65 ? filled(pick(random, POSTCODES), random) : anyDate(random);
}

function filled(form: string, random: Random): string {
  return form.replaceAll('d', () => String(Math.floor(10 * random())));
}

function anyDate(random: Random): string {
  const separator = pick(random, ['/', '/', '-', '.']);
  const year = wholeBetween(random, 1930, 2029);
  const padded = random() < 0.4 ? 2 : 1;
  const parts = [wholeBetween(random, 1, 12), wholeBetween(random, 1, 28)].map((part) =>
    String(part).padStart(padded, '0'),
  );
  return [...parts, String(year).slice(random() < 0.6 ? 2 : 0)].join(separator);
}

/** A stroke in heights of the digits: x to the right, y downwards from the middle of the line. */
type Stroke = readonly PenPoint[];

const MARKS: Readonly<Record<string, (random: Random) => readonly Stroke[]>> = {
  '-': (random) => [
    [
      [0, 0.08 * normal(random)],
      [between(random, 0.2, 0.5), 0.08 * normal(random)],
    ],
  ],
  '.': (random) => [
    [
      [0, between(random, 0.42, 0.52)],
      [0.02, 0.52],
    ],
  ],
  '/': (random) => [
    [
      [0, between(random, 0.5, 0.8)],
      [between(random, 0.2, 0.7), -between(random, 0.5, 0.8)],
    ],
  ],
  '(': (random) => [bracket(random, 1)],
  ')': (random) => [bracket(random, -1)],
};

function bracket(random: Random, direction: 1 | -1): Stroke {
  const [width, half] = [between(random, 0.1, 0.3), between(random, 0.5, 0.75)];
  return [-1, -0.6, 0, 0.6, 1].map((at): PenPoint => {
    const x = direction * width * at * at;
    return [direction === 1 ? x : x + width, half * at];
  });
}

/** All strokes of a text, each digit as it was written, by one hand. */
function strokesOf(text: string, own: readonly PenDigit[], random: Random): Stroke[] {
  const heights = own.map(({ strokes }) => extent(strokes, 1)).toSorted((a, b) => a - b);
  const usual = heights[heights.length >> 1] ?? 1;
  const gap = between(random, 0.08, 0.4);
  const slope = 0.02 * normal(random);
  const strokes: Stroke[] = [];
  let x = 0;
  const put = (parts: readonly Stroke[], y: number): void => {
    const left = Math.min(...parts.flat().map(([at]) => at));
    strokes.push(
      ...parts.map((part) => part.map(([px, py]): PenPoint => [x + px - left, y + py + slope * x])),
    );
    x += extent(parts, 0) + Math.max(0.03, gap * (1 + 0.35 * normal(random)));
  };
  for (const mark of text) {
    if (mark === ' ') x += 0.4;
    else if (mark in MARKS) put(MARKS[mark]?.(random) ?? [], 0);
    else {
      const alike = own.filter(({ label }) => label === Number(mark));
      const digit = alike[Math.floor(alike.length * random())];
      if (!digit) throw new Error(`Expected a ${mark} of this writer, got none.`);
      const tops = Math.min(...digit.strokes.flat().map(([, py]) => py));
      const height = extent(digit.strokes, 1) / usual;
      // Small ones stand on the line or hang above it.
      const middle = height > 0.6 ? 0 : 0.5 - height / 2 - between(random, 0, 0.3);
      const scaled = digit.strokes.map((part) =>
        part.map(([px, py]): PenPoint => [px / usual, (py - tops) / usual - height / 2]),
      );
      put(scaled, middle + 0.04 * normal(random));
    }
  }
  return strokes;
}

function extent(strokes: readonly Stroke[], axis: 0 | 1): number {
  const values = strokes.flat().map((point) => point[axis]);
  return Math.max(Math.max(...values) - Math.min(...values), 1e-6);
}

/** Black strokes on white. */
function drawStrokes(strokes: readonly Stroke[], random: Random): Raster {
  const size = between(random, 28, 90);
  const radius = Math.max(0.6, size * between(random, 0.012, 0.05));
  const margin = size * between(random, 0.15, 0.6) + radius;
  const [left, top] = [0, 1].map((axis) => Math.min(...strokes.flat().map((point) => point[axis as 0 | 1])));
  const width = Math.ceil(size * extent(strokes, 0) + 2 * margin);
  const height = Math.ceil(size * extent(strokes, 1) + 2 * margin);
  const ink = { width, height, data: new Uint8Array(width * height) };
  for (const stroke of strokes) {
    const points = stroke.map(([x, y]): PenPoint => [
      margin + size * (x - left!),
      margin + size * (y - top!),
    ]);
    points.forEach((to, i) => drawSegment(ink, points[Math.max(0, i - 1)] ?? to, to, radius));
  }
  return { width, height, channels: 1, data: ink.data.map((level) => 255 - level) };
}

async function penNumbers(mostLines: number): Promise<(random: Random) => WrittenNumber> {
  const { data } = await readDataset(DATASETS.unipen, datasetsFolder(undefined, process.env));
  const hands = new Map<string, PenDigit[]>();
  for (const digit of data.filter(({ writer }) => writerValidates(writer))) {
    const own = hands.get(digit.writer);
    if (own) own.push(digit);
    else hands.set(digit.writer, [digit]);
  }
  const usable = [...hands.values()].filter((own) => new Set(own.map(({ label }) => label)).size === 10);
  return (random) => {
    const own = usable[Math.floor(usable.length * random())] ?? [];
    const lines = Array.from({ length: wholeBetween(random, Math.min(2, mostLines), mostLines) }, () =>
      anyText(random),
    );
    const pitch = between(random, 1.5, 2.5);
    const strokes = lines.flatMap((text, line) => {
      const [x, y] = [line === 0 ? 0 : between(random, 0, 2), line * pitch];
      return strokesOf(text, own, random).map((stroke) =>
        stroke.map(([px, py]): PenPoint => [px + x, py + y]),
      );
    });
    return {
      digits: lines.map((text) => text.replaceAll(/\D/g, '')).join('\n'),
      writer: own[0]?.writer ?? '',
      picture: drawStrokes(strokes, random),
    };
  };
}

/** Pixels along a canvas; amounts are strips of it. */
const SIDE = 640;

async function amounts(): Promise<(random: Random) => WrittenNumber> {
  const names = ['mnist', 'unipen', 'semeion', 'optdigits', 'paper-digits'] as const;
  const { validation } = await loadGlyphs({ names, dataDir: process.env.MNIST_DATA_DIR });
  const shapes = new GlyphShapes(validation.digits);
  const banks = createBanks(randomStream('sceneBanks'), shapes.side);
  const canvas: Canvas = { side: SIDE, levels: new Float32Array(SIDE ** 2) };
  const scratch = new Float32Array(SIDE ** 2);
  return (random) => {
    const size = between(random, 28, 60);
    const { hand, print, isClean } = laySheet(
      canvas,
      { clean: 0.4, size, texture: layerOfTexture },
      banks,
      random,
    );
    const form = pick(random, AMOUNTS);
    const gap = between(random, -0.03, 0.22);
    const y = SIDE / 2;
    const wide = 0.8 * size * form.length;
    const around = { x: SIDE / 2, y, halfWidth: wide / 2, halfHeight: size / 2, height: size };
    if (random() < 0.6) drawPrint(canvas, around, print, random);
    let [x, digits, bottom, top] = [(SIDE - wide) / 2, '', y, y];
    for (const mark of form) {
      if (mark === '.') {
        const halfWidth = Math.max(0.5, (size / GLYPH_INK) * hand.radius);
        const place = { x: x + 0.05 * size, y, height: size, halfWidth };
        x = drawSeparator(canvas, 0, place, { level: hand.ink, opacity: hand.opacity }, random).right;
        continue;
      }
      const glyph = shapes.pick(random);
      const scale = (size * Math.exp(0.08 * normal(random))) / (2 * (shapes.halfHeights[glyph] ?? 1));
      const limited = Math.min(scale, (1.6 * size) / GLYPH_INK);
      const halfWidth = limited * (shapes.halfWidths[glyph] ?? 1);
      x += Math.max(-0.06, gap + 0.06 * normal(random)) * size + halfWidth;
      const at = { x, y: y + 0.05 * size * normal(random) };
      const style = pickStyle(hand, at, limited, banks, random);
      const turned = { ...style, rotation: 0.06 * normal(random) };
      const box = drawGlyph(canvas, shapes, glyph, fitting(turned, shapes, glyph, random));
      digits += shapes.labels[glyph];
      [top, bottom] = [Math.min(top, box.top), Math.max(bottom, box.bottom)];
      x = Math.max(x + 0.5 * halfWidth, box.right);
    }
    photograph(canvas, { size, isClean }, banks, scratch, random);
    const from = Math.max(0, Math.round(top - size * between(random, 0.05, 0.5)));
    const to = Math.min(SIDE, Math.round(bottom + size * between(random, 0.05, 0.5)));
    const left = Math.max(0, Math.round((SIDE - wide) / 2 - size * between(random, 0.1, 1)));
    const right = Math.min(SIDE, Math.round(x + size * between(random, 0.1, 1)));
    return { digits, writer: '', picture: cutOut(canvas, left, from, right, to) };
  };
}

function cutOut({ side, levels }: Canvas, left: number, top: number, right: number, bottom: number): Raster {
  const [width, height] = [right - left, bottom - top];
  const data = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) data[i] = Math.round(255 * levels[(top + y) * side + left + x]!);
  }
  return { width, height, channels: 1, data };
}

const [kind = '', count = '', seed = '', folder = ''] = process.argv.slice(2);
const KINDS = ['pens', 'pages', 'amounts'];
if (!KINDS.includes(kind) || !(Number(count) > 0) || seed === '' || folder === '') {
  throw new Error('Expected KIND COUNT SEED FOLDER, with pens, pages or amounts as KIND.');
}
const write = await (kind === 'amounts' ? amounts() : penNumbers(kind === 'pens' ? 1 : 8));
mkdirSync(folder, { recursive: true });
const rows: string[] = [];
for (let i = 0; i < Number(count); i++) {
  const { digits, writer, picture } = write(randomStream('writtenNumbers', Number(seed), i));
  const name = `${String(i).padStart(4, '0')}.png`;
  writeFileSync(join(folder, name), await encodePng(picture));
  rows.push(`${name},"${digits}",${writer}\n`);
}
writeFileSync(join(folder, 'numbers.csv'), `file,number,writer\n${rows.join('')}`);
