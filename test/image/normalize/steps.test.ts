import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coarsen } from '../../../src/image/normalize/coarse.js';
import { labelComponents, type Labelled } from '../../../src/image/normalize/components.js';
import { digitParts } from '../../../src/image/normalize/digit-parts.js';
import { squaredDistances } from '../../../src/image/normalize/distance.js';
import { groundOf } from '../../../src/image/normalize/ground.js';
import { inkLevels, inkOn, swallowed } from '../../../src/image/normalize/ink.js';
import {
  boxOf,
  crop,
  cropToInk,
  invert,
  transpose,
  wholeLevel,
  type FloatPlane,
  type Plane,
} from '../../../src/image/plane.js';
import { isDarkOnLight } from '../../../src/image/normalize/polarity.js';
import { withoutRuledLines } from '../../../src/image/normalize/ruled-lines.js';
import { averageOnto, enlarge, shrinkToLargest, shrinkToMean } from '../../../src/image/normalize/scale.js';
import { matchStrokeWidth, strokeWidth, thicken, thin } from '../../../src/image/normalize/stroke-width.js';
import { undoEnlargement } from '../../../src/image/undo-enlargement.js';
import { finish, type Work } from '../../../src/image/work.js';
import { drawDigit, seededRandom } from '../../helpers/digits.js';
import { anyPlane, levelAt, planeOf } from '../planes.js';

const bits = fc.constantFrom(0, 255);

const labelledOf = (plane: Plane, threshold: number): Labelled => finish(labelComponents(plane, threshold));

describe('labelComponents', () => {
  /** Fills each component from its first pixel on. */
  function oracle(plane: Plane): { area: number; box: number[]; onBorder: number }[] {
    const { width, height } = plane;
    const seen = new Set<number>();
    const found = [];
    for (let start = 0; start < width * height; start++) {
      if (seen.has(start) || plane.data[start] === 0) continue;
      const pixels = [start];
      seen.add(start);
      for (const pixel of pixels) {
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) {
            const x = (pixel % width) + dx;
            const y = Math.floor(pixel / width) + dy;
            if (levelAt(plane, x, y) === 0 || seen.has(y * width + x)) continue;
            seen.add(y * width + x);
            pixels.push(y * width + x);
          }
        }
      }
      const xs = pixels.map((pixel) => pixel % width);
      const ys = pixels.map((pixel) => Math.floor(pixel / width));
      const onBorder = pixels.filter(
        (_, i) => xs[i] === 0 || ys[i] === 0 || xs[i] === width - 1 || ys[i] === height - 1,
      ).length;
      const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
      found.push({ area: pixels.length, box, onBorder });
    }
    return found;
  }

  it('finds what filling from each pixel finds, in the same order', () => {
    fc.assert(
      fc.property(anyPlane(14, bits), (plane) => {
        const { components } = labelledOf(plane, 128);
        expect(
          components.map(({ area, left, top, right, bottom, onBorder }) => ({
            area,
            box: [left, top, right, bottom],
            onBorder,
          })),
        ).toEqual(oracle(plane));
      }),
      { numRuns: 200 },
    );
  });
});

describe('squaredDistances', () => {
  it('are those to the nearest of all wanted pixels', () => {
    fc.assert(
      fc.property(anyPlane(12, bits), (plane) => {
        const wanted = [...plane.data.keys()].filter((i) => plane.data[i] === 255);
        const expected = [...plane.data.keys()].map((i) =>
          Math.min(
            ...wanted.map(
              (j) =>
                ((i % plane.width) - (j % plane.width)) ** 2 +
                (Math.floor(i / plane.width) - Math.floor(j / plane.width)) ** 2,
            ),
          ),
        );
        expect([...squaredDistances(plane, (level) => level === 255)]).toEqual(expected);
      }),
    );
  });
});

describe('coarsen', () => {
  it('gives the mean of each cell, the last ones smaller', () => {
    fc.assert(
      fc.property(anyPlane(20), fc.integer({ min: 1, max: 8 }), (plane, side) => {
        const { width, height, cell, data } = coarsen(plane, side);
        expect(Math.max(width, height)).toBeLessThanOrEqual(side);
        data.forEach((mean, i) => {
          const levels: number[] = [];
          for (let y = 0; y < plane.height; y++) {
            for (let x = 0; x < plane.width; x++) {
              const inCell = Math.floor(y / cell) * width + Math.floor(x / cell) === i;
              if (inCell) levels.push(levelAt(plane, x, y));
            }
          }
          expect(mean).toBeCloseTo(levels.reduce((sum, level) => sum + level, 0) / levels.length, 3);
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe('undoEnlargement', () => {
  it('finds the smallest picture that the enlarged one can be made of', () => {
    fc.assert(
      fc.property(anyPlane(9), fc.integer({ min: 1, max: 4 }), (plane, factor) => {
        const small = undoEnlargement(plane);
        expect(undoEnlargement(repeat(plane, factor))).toEqual(small);
        expect(repeat(small, plane.width / small.width)).toEqual(plane);
      }),
    );
  });
});

function repeat({ width, height, data }: Plane, factor: number): Plane {
  const large = { width: width * factor, height: height * factor };
  return {
    ...large,
    data: Uint8Array.from({ length: large.width * large.height }, (_, i) => {
      const x = Math.floor((i % large.width) / factor);
      return data[Math.floor(i / large.width / factor) * width + x] ?? 0;
    }),
  };
}

describe('planes', () => {
  it('are transposed, inverted and cropped pixel by pixel', () => {
    fc.assert(
      fc.property(anyPlane(9), (plane) => {
        expect(transpose(transpose(plane))).toEqual(plane);
        expect(invert(invert(plane))).toEqual(plane);
        const box = { left: -2, top: 1, right: plane.width, bottom: 3 };
        const cropped = crop(plane, box);
        expect([cropped.width, cropped.height]).toEqual([plane.width + 3, 3]);
        cropped.data.forEach((level, i) => {
          const x = (i % cropped.width) - 2;
          expect(level).toBe(levelAt(plane, x, Math.floor(i / cropped.width) + 1));
        });
      }),
    );
  });

  it('know the box of what is not 0', () => {
    expect(boxOf(planeOf('     ', '  #  ', ' #  '))).toEqual({ left: 1, top: 1, right: 2, bottom: 2 });
    expect(boxOf(planeOf('   '))).toBeUndefined();
    const inked = fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.constant(1));
    fc.assert(
      fc.property(anyPlane(9, inked), (plane) => {
        const pixels = [...plane.data.keys()].filter((i) => plane.data[i] !== 0);
        const xs = pixels.map((i) => i % plane.width);
        const ys = pixels.map((i) => Math.floor(i / plane.width));
        const [left, right, top, bottom] = [xs, xs, ys, ys].map((all, i) =>
          i % 2 === 0 ? Math.min(...all) : Math.max(...all),
        );
        const box = pixels.length === 0 ? undefined : { left, top, right, bottom };
        expect(boxOf(plane)).toEqual(box);
      }),
    );
  });

  it('are cropped to their ink, and left alone where they are all of it', () => {
    const tight = planeOf('# ', ' .');
    expect(cropToInk(planeOf('    ', ' #  ', '  . '))).toEqual(tight);
    expect(cropToInk(tight)).toBe(tight);
    expect(cropToInk(planeOf('  '))).toBeUndefined();
  });

  it('round levels as Math.round does, and what is negative to 0', () => {
    for (const value of [0, 0.49999999999999994, 0.5, 1.4999999999999998, 1.5, 254.49999999999997, 254.5]) {
      expect(wholeLevel(value)).toBe(Math.round(value));
    }
    fc.assert(
      fc.property(fc.double({ min: -300, max: 300, noNaN: true }), (value) => {
        expect(wholeLevel(value)).toBe(Math.max(0, Math.round(value)));
      }),
    );
  });
});

describe('scaling', () => {
  it('averages areas as the definition has it', () => {
    const settings = fc.record({
      columns: fc.integer({ min: 1, max: 6 }),
      rows: fc.integer({ min: 1, max: 6 }),
      left: fc.double({ min: -1, max: 2, noNaN: true }),
      top: fc.double({ min: -1, max: 2, noNaN: true }),
      scale: fc.double({ min: 0.2, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(anyPlane(8), settings, (plane, target) => {
        const { columns, left, top, scale } = target;
        const shared = (cell: number, from: number): number =>
          Math.max(0, Math.min(cell + 1, from + scale) - Math.max(cell, from));
        averageOnto(plane, target).data.forEach((level, i) => {
          let expected = 0;
          for (let y = 0; y < plane.height; y++) {
            for (let x = 0; x < plane.width; x++) {
              const across = shared(i % columns, left + x * scale);
              expected += across * shared(Math.floor(i / columns), top + y * scale) * levelAt(plane, x, y);
            }
          }
          expect(Math.abs(level - expected)).toBeLessThan(0.5 + 1e-6);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('shrinks squares to their mean or their largest, and enlarges without loss of ink', () => {
    const plane = planeOf('#   ', '    ', '  ##', '  ##');
    expect([...shrinkToMean(plane, 2).data]).toEqual([64, 0, 0, 255]);
    expect([...shrinkToMean(plane, 3).data]).toEqual([57, 28, 28, 28]);
    expect([...shrinkToLargest(plane, 2).data]).toEqual([255, 0, 0, 255]);
    const sum = ({ data }: Plane): number => data.reduce((total, level) => total + level, 0);
    expect(sum(enlarge(plane, 3)) / 9).toBeCloseTo(sum(plane), -1);
  });
});

describe('isDarkOnLight', () => {
  it('tells dark ink from light, thin or thick, in the middle or at the border, and inverts with the picture', () => {
    for (const digit of [0, 1, 4, 8]) {
      for (const penWidth of [2, 9, 16]) {
        for (const shiftX of [0, 24]) {
          const picture = drawDigit(digit, {
            width: 84,
            height: 84,
            penWidth,
            shiftX,
            ink: 30,
            background: 220,
          });
          expect(isDarkOnLight(coarsen(picture, 128)), `${digit} ${penWidth} ${shiftX}`).toBe(true);
          expect(isDarkOnLight(coarsen(invert(picture), 128))).toBe(false);
        }
      }
    }
  });

  it('is not taken in by a shadow over more than half of the paper', () => {
    const picture = drawDigit(3, { width: 90, height: 90, ink: 40, background: 230 });
    const dimmed = picture.data.map((level, i) => (i % 90 < 55 ? level * 0.4 : level));
    expect(isDarkOnLight(coarsen({ ...picture, data: dimmed }, 128))).toBe(true);
  });
});

describe('ground and ink', () => {
  const lightAt = (x: number, y: number): number => (x + y < 120 ? 1 : 0.5) * (1 - 0.002 * x);
  const drawn = drawDigit(6, { width: 120, height: 120, ink: 60, background: 240 });
  const dimmed = drawn.data.map((level, i) => level * lightAt(i % 120, Math.floor(i / 120)));

  it('find the same ink in the shadow as in the light', () => {
    const picture = { ...drawn, data: dimmed };
    const found = inkOn(picture, groundOf(coarsen(picture, 128)));
    const strokes = [...drawn.data.keys()].filter((i) => drawn.data[i] === 60);
    const dark = strokes.filter((i) => (found.data[i] ?? 0) > 0.5 * 255 * (1 - 60 / 240));
    expect(dark.length).toBeGreaterThan(0.97 * strokes.length);
    const paper = [...drawn.data.keys()].filter((i) => drawn.data[i] === 240);
    // Where the shadow's edge meets the border a little of it stays, paler than ink.
    expect(paper.filter((i) => (found.data[i] ?? 0) > 140).length).toBeLessThan(0.01 * paper.length);
  });

  describe('the ground', () => {
    /** Of the squares that hold a cell, the least of what is lightest in them. */
    function closed({ width, height, data }: FloatPlane, wanted: number): number[] {
      const side = Math.max(2, Math.round(wanted));
      const across = Math.min(side, width);
      const down = Math.min(side, height);
      const ground = Array.from(data, () => Infinity);
      for (let top = 0; top + down <= height; top++) {
        for (let left = 0; left + across <= width; left++) {
          const cells = Array.from(
            { length: across * down },
            (_, i) => (top + Math.floor(i / across)) * width + left + (i % across),
          );
          const lightest = Math.max(...cells.map((i) => data[i] ?? 0));
          for (const i of cells) ground[i] = Math.min(ground[i] ?? 0, lightest);
        }
      }
      return ground;
    }

    /** Every square is tried: the first under which what is certainly ink under the widest is nearly as dark. */
    function oracle(picture: FloatPlane): number[] {
      const widest = 0.4 * Math.sqrt(picture.data.length);
      const inkUnder = (ground: readonly number[]): Float32Array =>
        picture.data.map((level, i) => swallowed(ground[i] ?? NaN, level));
      const wide = closed(picture, widest);
      const most = inkUnder(wide);
      const darkest = most.toSorted().at(-4) ?? 0;
      const certain = [...most.keys()].filter((i) => most[i]! > 0 && most[i]! >= 0.8 * darkest);
      for (let side = 5; side < widest; side *= 1.5) {
        const ground = closed(picture, side);
        const kept = certain.filter(
          (i) => swallowed(ground[i] ?? NaN, picture.data[i] ?? NaN) >= 0.7 * (most[i] ?? NaN),
        );
        if (kept.length >= 0.97 * certain.length) return ground;
      }
      return wide;
    }

    const pictures: Readonly<Record<string, fc.Arbitrary<Plane>>> = {
      'any levels': anyPlane(18),
      'a little ink on even paper': anyPlane(18, fc.constantFrom(20, ...Array<number>(30).fill(200), 203)),
      'ink of all shades': anyPlane(
        18,
        fc.oneof({ weight: 9, arbitrary: fc.constant(230) }, fc.integer({ min: 0, max: 255 })),
      ),
    };

    it.each(Object.keys(pictures))('is the closing by the narrowest square that will do: %s', (kind) => {
      fc.assert(
        fc.property(pictures[kind] ?? anyPlane(18), (plane) => {
          const picture = coarsen(plane, 128);
          expect([...groundOf(picture).data]).toEqual(oracle(picture));
        }),
        { numRuns: 150 },
      );
    });

    it.each<[string, readonly (readonly [at: number, side: number, level: number])[]]>([
      [
        'a stroke beside a wider one that is paler and certain as well',
        [
          [3, 2, 20],
          [10, 6, 47],
        ],
      ],
      [
        'a stroke beside a wider one that is too pale',
        [
          [3, 2, 20],
          [10, 6, 100],
        ],
      ],
      [
        'a stroke in a smudge that hides a third of it',
        [
          [6, 8, 180],
          [9, 2, 150],
        ],
      ],
      [
        'a speck beside a wide stroke',
        [
          [3, 1, 20],
          [10, 6, 130],
        ],
      ],
    ])('is the closing by the narrowest square that will do: %s', (_, blocks) => {
      const data = new Uint8Array(24 * 24).fill(200);
      for (const [at, side, level] of blocks) {
        for (let y = at; y < at + side; y++) data.fill(level, y * 24 + at, y * 24 + at + side);
      }
      const picture = coarsen({ width: 24, height: 24, data }, 128);
      expect([...groundOf(picture).data]).toEqual(oracle(picture));
    });

    it('is the closing by the narrowest square that will do, of pens of all widths', () => {
      for (const penWidth of [2, 4, 5, 6, 7, 9]) {
        const digit = drawDigit(3, { width: 40, height: 40, penWidth, ink: 30, background: 240 });
        const shaded = digit.data.map((level, i) => level * (1 - 0.004 * (i % 40)));
        for (const data of [digit.data, shaded]) {
          const picture = coarsen({ ...digit, data }, 128);
          expect([...groundOf(picture).data], `${penWidth}`).toEqual(oracle(picture));
        }
      }
    });
  });

  it('ink is told from paper that is interpolated between the middles of the cells', () => {
    const side = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(anyPlane(20), side, fc.array(fc.integer({ min: 0, max: 255 })), (plane, cells, levels) => {
        const ground = coarsen({ ...plane, data: plane.data.map((_, i) => levels[i % 7] ?? 200) }, cells);
        const at = (x: number, y: number): number =>
          ground.data[Math.min(y, ground.height - 1) * ground.width + Math.min(x, ground.width - 1)] ?? NaN;
        const placeOf = (pixel: number): number => Math.max(0, (pixel + 0.5) / ground.cell - 0.5);
        inkOn(plane, ground).data.forEach((ink, i) => {
          const column = placeOf(i % plane.width);
          const row = placeOf(Math.floor(i / plane.width));
          const [x, y] = [Math.floor(column), Math.floor(row)];
          const upper = at(x, y) + (column - x) * (at(x + 1, y) - at(x, y));
          const lower = at(x, y + 1) + (column - x) * (at(x + 1, y + 1) - at(x, y + 1));
          const expected = swallowed(upper + (row - y) * (lower - upper), plane.data[i] ?? NaN);
          expect(Math.abs(ink - Math.max(0, expected))).toBeLessThan(0.51);
        });
      }),
    );
  });

  it('ink is seen nearly as dark as it is on a plain ground, of thick pens too', () => {
    for (const penWidth of [3, 6, 10]) {
      const picture = drawDigit(8, { width: 70, height: 50, penWidth, ink: 0, background: 255 });
      const ground = groundOf(coarsen(picture, 128)).data;
      expect(Math.max(...ground)).toBe(255);
      const found = inkOn(picture, groundOf(coarsen(picture, 128))).data;
      const paler = found.filter((ink, i) => ink < 0.7 * (255 - (picture.data[i] ?? 0))).length;
      expect(paler).toBeLessThan(0.03 * found.length);
    }
  });

  it('nothing stands out of paper and its grain', () => {
    const random = seededRandom(1);
    const grain = Uint8Array.from({ length: 10_000 }, () => 20 + 10 * (random() + random() + random()));
    expect(inkLevels({ width: 100, height: 100, data: new Uint8Array(10_000) })).toBeUndefined();
    expect(inkLevels({ width: 100, height: 100, data: grain })).toBeUndefined();
    grain.fill(200, 0, 300);
    const levels = inkLevels({ width: 100, height: 100, data: grain });
    expect(levels?.sure).toBeGreaterThan(60);
    expect(levels?.sure).toBeLessThan(160);
    // The levels are counted whatever the order and the number of pixels.
    const shuffled = grain.slice(0, 9999).toReversed();
    expect(inkLevels({ width: 99, height: 101, data: shuffled })).toEqual(
      inkLevels({ width: 101, height: 99, data: grain.slice(0, 9999) }),
    );
  });
});

describe('withoutRuledLines', () => {
  const cleanedOf = (plane: Plane, threshold: number): Plane =>
    finish(withoutRuledLines(plane, threshold, labelledOf(plane, threshold).components));
  const side = 160;
  const inkOf = (digit: number, penWidth: number): Plane =>
    drawDigit(digit, { width: side, height: side, penWidth });

  /** Lines two pixels thick, a little askew. */
  function rule(plane: Plane, spacing: number, slope: number): Plane {
    const data = plane.data.map((level, i) => {
      const past = Math.floor(i / side) - slope * (i % side) - spacing / 2;
      return past - spacing * Math.floor(past / spacing) < 2 ? Math.max(level, 180) : level;
    });
    return { ...plane, data };
  }

  it.each([
    [0, 0],
    [0.03, 8],
  ])('takes lines of slope %d away and leaves the strokes of the %d that they cross', (slope, digit) => {
    const drawn = inkOf(digit, 12);
    for (const turned of [false, true]) {
      const ruled = rule(drawn, 40, slope);
      const cleaned = turned ? transpose(cleanedOf(transpose(ruled), 90)) : cleanedOf(ruled, 90);
      const changed = cleaned.data.filter((level, i) => Math.abs(level - (drawn.data[i] ?? 0)) > 90).length;
      expect(changed).toBeLessThan(0.004 * side * side);
    }
  });

  it('leaves a bar of a digit alone, cropped closely as it may be', () => {
    for (const penWidth of [4, 14]) {
      const drawn = inkOf(7, penWidth);
      const box = boxOf(drawn);
      if (!box) throw new Error('unreachable: a digit was drawn');
      const close = crop(drawn, box);
      expect(cleanedOf(close, 90)).toBe(close);
    }
  });
});

describe('work on a picture of countless strokes', () => {
  /** How often it lets others have their turn. */
  function pausesOf(work: Work<unknown>): number {
    let pauses = 0;
    while (!work.next().done) pauses++;
    return pauses;
  }

  it('pauses while its components are joined', () => {
    const side = 400;
    const data = Uint8Array.from({ length: side * side }, (_, i) =>
      (i + Math.floor(i / side)) % 2 === 0 ? 255 : 0,
    );
    // 80,000 runs, gone over twice.
    expect(pausesOf(labelComponents({ width: side, height: side, data }, 128))).toBeGreaterThan(6);
  });

  it('pauses while lines are looked for', () => {
    const side = 512;
    // A line from edge to edge, and below it rows of dashes that reach neither.
    const data = Uint8Array.from({ length: side * side }, (_, i) => {
      const x = i % side;
      const y = Math.floor(i / side);
      return y === 0 || (y % 2 === 0 && x > 30 && x < 480 && (x % 64 < 62 || x > 400)) ? 255 : 0;
    });
    const ink = { width: side, height: side, data };
    const { components } = labelledOf(ink, 128);
    expect(pausesOf(withoutRuledLines(ink, 128, components))).toBeGreaterThan(3);
  });
});

describe('digitParts', () => {
  const partsOf = (plane: Plane): string => {
    const { components } = labelledOf(plane, 50);
    return digitParts(components, plane, 200)
      .map((isPart) => (isPart ? 'x' : '-'))
      .join('');
  };

  it('keeps pieces of a digit together and leaves specks, pale marks and the far away', () => {
    const empty = '                              ';
    const five = ['      ####', empty, '      ##', '        ##', '      ##'];
    expect(partsOf(planeOf(empty, ...five, empty))).toBe('xx');
    const block = ['  ######                    # ', '  ######', '  ######   ++'];
    expect(partsOf(planeOf(empty, ...block, empty))).toBe('x--');
  });

  it('leaves what lies along the border, unless there is nothing else', () => {
    const shadow = '##                 ';
    const digit = ['##       ###       ', '##         #       ', '##        ##       '];
    expect(partsOf(planeOf(shadow, ...digit, shadow))).toBe('-x');
    expect(partsOf(planeOf(shadow, shadow, shadow))).toBe('x');
  });
});

describe('stroke widths', () => {
  it('are those of the pen', () => {
    for (const penWidth of [4, 8, 14]) {
      const line = drawDigit(1, { width: 140, height: 140, penWidth, softness: 1 });
      expect(strokeWidth(line) / penWidth).toBeGreaterThan(0.88);
      expect(strokeWidth(line) / penWidth).toBeLessThan(1.02);
    }
  });

  it('grow and shrink by what is asked', () => {
    const drawn = (penWidth: number): Plane =>
      drawDigit(3, { width: 120, height: 120, penWidth, digitSize: 70 + penWidth, softness: 1 });
    const apart = (a: Plane, b: Plane): number => {
      const margin = (a.width - b.width) / 2;
      const inner = crop(a, { left: margin, top: margin, right: margin + 119, bottom: margin + 119 });
      const off = inner.data.reduce((sum, level, i) => sum + Math.abs(level - (b.data[i] ?? 0)), 0);
      return off / b.data.reduce((sum, level) => sum + level, 0);
    };
    expect(apart(thicken(drawn(8), 3), drawn(14))).toBeLessThan(0.08);
    expect(apart(thin(drawn(14), 3), drawn(8))).toBeLessThan(0.08);
    expect(apart(drawn(8), drawn(14))).toBeGreaterThan(0.3);
  });

  it('of very thin and very thick pens come near those of MNIST; others stay as they are', () => {
    const cropped = (penWidth: number): Plane => {
      const drawn = drawDigit(2, { width: 280, height: 280, penWidth, digitSize: 200 });
      return crop(drawn, boxOf(drawn) ?? { left: 0, top: 0, right: 279, bottom: 279 });
    };
    const inFrame = (plane: Plane): number => {
      const box = boxOf(plane);
      if (!box) return NaN;
      const side = Math.max(box.right - box.left, box.bottom - box.top) + 1;
      return (strokeWidth(plane) * 20) / side;
    };
    expect(inFrame(matchStrokeWidth(cropped(4)))).toBeCloseTo(1.75, 0);
    expect(inFrame(matchStrokeWidth(cropped(50)))).toBeLessThan(4.2);
    const usual = cropped(26);
    expect(matchStrokeWidth(usual)).toBe(usual);
  });
});
