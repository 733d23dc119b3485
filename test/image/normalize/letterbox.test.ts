import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME_PIXELS, FRAME_SIDE, type Frame } from '../../../src/image/frame.js';
import type { Raster } from '../../../src/image/raster.js';
import { runSync } from '../../../src/image/task.js';
import { letterbox } from '../../../src/image/normalize/letterbox.js';
import { drawDigit, enlarge } from '../../helpers/data/digits.js';

const fitted = (raster: Raster): Frame => runSync(letterbox(raster));

/**
 * The same by the definition, pixel by pixel: every cell of the frame is the mean of what lies under it, each source
 * pixel counted by the area that it shares with the cell. The picture must have an opaque border of one gray level.
 */
function oracle(raster: Raster, background: number): number[] {
  const { width, height, channels, data } = raster;
  const side = Math.max(width, height);
  const scale = FRAME_SIDE / side;
  const left = (FRAME_SIDE - width * scale) / 2;
  const top = (FRAME_SIDE - height * scale) / 2;
  const shared = (cell: number, from: number, to: number): number =>
    Math.max(0, Math.min(cell + 1, to) - Math.max(cell, from));
  return Array.from({ length: FRAME_PIXELS }, (_, cell) => {
    let ink = 0;
    for (let y = 0; y < height; y++) {
      const high = shared(Math.floor(cell / FRAME_SIDE), top + y * scale, top + (y + 1) * scale);
      if (high === 0) continue;
      for (let x = 0; x < width; x++) {
        const wide = shared(cell % FRAME_SIDE, left + x * scale, left + (x + 1) * scale);
        if (wide === 0) continue;
        const pixel = data.subarray((y * width + x) * channels, (y * width + x + 1) * channels);
        const [first = 0, second = 0, third = 0] = pixel;
        const luma =
          channels < 3 ? first : Math.floor((19595 * first + 38470 * second + 7471 * third) / 65536 + 0.5);
        const alpha = channels % 2 === 0 ? (pixel[channels - 1] ?? 0) / 255 : 1;
        const level = luma * alpha + background * (1 - alpha);
        ink += wide * high * (background > 127.5 ? 255 - level : level);
      }
    }
    return ink;
  });
}

/** Random pictures whose border is opaque and of one gray level, not the middle one. */
const framedPicture = fc
  .record({
    width: fc.integer({ min: 1, max: 70 }),
    height: fc.integer({ min: 1, max: 70 }),
    channels: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
    background: fc.oneof(fc.integer({ min: 0, max: 127 }), fc.integer({ min: 128, max: 255 })),
  })
  .chain(({ width, height, channels, background }) =>
    fc
      .uint8Array({ minLength: width * height * channels, maxLength: width * height * channels })
      .map((noise) => {
        const data = noise.map((level, i) => {
          const x = Math.floor(i / channels) % width;
          const y = Math.floor(i / channels / width);
          const onBorder = x === 0 || y === 0 || x === width - 1 || y === height - 1;
          if (!onBorder) return level;
          return channels % 2 === 0 && i % channels === channels - 1 ? 255 : background;
        });
        const raster: Raster = { width, height, channels, data };
        return { raster, background };
      }),
  );

function passesAsItIs({ channels, width, height }: Raster): boolean {
  return channels === 1 && width === FRAME_SIDE && height === FRAME_SIDE;
}

/** Ink as an opaque colour on nothing. */
function onNothing(ink: Raster, [red, green, blue]: readonly [number, number, number]): Raster {
  const data = Uint8Array.from([...ink.data].flatMap((alpha) => [red, green, blue, alpha]));
  return { ...ink, channels: 4, data };
}

describe('letterbox', () => {
  it('passes a gray picture of 28 x 28 as it is, a light one too', () => {
    const pixels = fc.uint8Array({ minLength: FRAME_PIXELS, maxLength: FRAME_PIXELS });
    fc.assert(
      fc.property(pixels, (data) => {
        expect(fitted({ width: 28, height: 28, channels: 1, data })).toEqual(data);
      }),
    );
  });

  it('agrees with the definition on any size and kind of picture', () => {
    fc.assert(
      fc.property(framedPicture, ({ raster, background }) => {
        fc.pre(!passesAsItIs(raster));
        const frame = fitted(raster);
        const expected = oracle(raster, background);
        const worst = Math.max(...expected.map((ink, cell) => Math.abs(ink - (frame[cell] ?? NaN))));
        expect(worst).toBeLessThan(0.5 + 1e-9);
      }),
      { numRuns: 150 },
    );
  });

  it('gives an inverted picture the same frame', () => {
    fc.assert(
      fc.property(framedPicture, ({ raster }) => {
        fc.pre(raster.channels === 1 && !passesAsItIs(raster));
        const inverted = { ...raster, data: raster.data.map((level) => 255 - level) };
        expect(fitted(inverted)).toEqual(fitted(raster));
      }),
    );
  });

  it('gives an enlarged picture the same frame', () => {
    fc.assert(
      fc.property(framedPicture, fc.integer({ min: 2, max: 4 }), ({ raster }, factor) => {
        const enlarged = enlarge(raster, factor);
        fc.pre(!passesAsItIs(raster) && !passesAsItIs(enlarged));
        expect(fitted(enlarged)).toEqual(fitted(raster));
      }),
      { numRuns: 50 },
    );
  });

  it('gives a dark picture the same frame whether it comes as gray, RGB or RGBA, small or enlarged', () => {
    const gray = drawDigit(3);
    const rgb: Raster = {
      ...gray,
      channels: 3,
      data: Uint8Array.from([...gray.data].flatMap((l) => [l, l, l])),
    };
    const rgba: Raster = {
      ...gray,
      channels: 4,
      data: Uint8Array.from([...gray.data].flatMap((l) => [l, l, l, 255])),
    };
    for (const raster of [rgb, rgba, enlarge(gray, 3)]) expect(fitted(raster)).toEqual(gray.data);
  });

  it('shows ink on a transparent ground, whatever its colour', () => {
    const ink = drawDigit(6);
    expect(fitted(onNothing(ink, [0, 0, 0]))).toEqual(ink.data);
    expect(fitted(onNothing(ink, [255, 255, 255]))).toEqual(ink.data);
    const blue = fitted(onNothing(ink, [0, 0, 200]));
    expect(Math.max(...blue)).toBe(255 - 23);
  });

  it('lets transparent corners of a sheet be paper', () => {
    const paper = drawDigit(6, { width: 60, height: 60, ink: 0, background: 255 });
    const data = Uint8Array.from([...paper.data].flatMap((level, i) => [level, i < 5 || i > 3590 ? 0 : 255]));
    expect(fitted({ ...paper, channels: 2, data })).toEqual(fitted(paper));
  });

  it('finds no ink in a picture of which nothing shows', () => {
    for (const channels of [2, 4] as const) {
      const empty: Raster = { width: 9, height: 5, channels, data: new Uint8Array(45 * channels) };
      expect(fitted(empty)).toEqual(new Uint8Array(FRAME_PIXELS));
    }
  });

  it('centres what is not square', () => {
    const wide: Raster = { width: 56, height: 28, channels: 1, data: new Uint8Array(56 * 28).fill(90) };
    const rowsOf = (frame: Frame): number[] => Array.from({ length: 28 }, (_, y) => frame[y * 28] ?? NaN);
    expect(rowsOf(fitted(wide))).toEqual([...Array(7).fill(0), ...Array(14).fill(90), ...Array(7).fill(0)]);
    const tall = { ...wide, width: 28, height: 56 };
    expect([...fitted(tall).subarray(0, 28)]).toEqual(rowsOf(fitted(wide)));
  });

  it('takes pictures of one pixel, and of one pixel across', () => {
    expect(new Set(fitted({ width: 1, height: 1, channels: 1, data: Uint8Array.of(255) }))).toEqual(
      new Set([0]),
    );
    // Half a cell wide, so a quarter of the cells on either side of the middle.
    const line = fitted({ width: 1, height: 56, channels: 1, data: new Uint8Array(56).fill(100) });
    expect([...line]).toEqual(
      Array.from({ length: FRAME_PIXELS }, (_, i) => (i % 28 === 13 || i % 28 === 14 ? 25 : 0)),
    );
  });
});
