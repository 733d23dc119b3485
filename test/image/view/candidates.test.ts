import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoundingBox } from '../../../src/image/view/bounding-box.js';
import { candidatesOf, overviewsOf, type Candidate } from '../../../src/image/view/candidates.js';
import { cellOf, encodeBox, planeIndex } from '../../../src/image/view/cell-grid.js';
import { FINDER, FINDER_OUTPUTS, FINDER_PLANE } from '../../../src/image/view/finder-cells.js';
import { boxInSquare, squareAround, squareOfDigit } from '../../../src/image/view/square.js';

/** The answer of a finder that sees these boxes, in pixels of the picture, each so probable. */
function answerOf(
  picture: { width: number; height: number },
  seen: readonly { box: BoundingBox; probability: number }[],
): Float32Array {
  const logits = new Float32Array(FINDER_OUTPUTS).fill(-20);
  for (const { box, probability } of seen) {
    const inOverview = boxInSquare(box, squareAround(picture), FINDER.side);
    const cell = cellOf(FINDER, inOverview);
    logits[planeIndex(FINDER, FINDER_PLANE.theDigit, cell)] = Math.log(probability / (1 - probability));
    encodeBox(FINDER, inOverview, cell).forEach((value, i) => {
      logits[planeIndex(FINDER, FINDER.logitPlanes + i, cell)] = value;
    });
  }
  return logits;
}

/** Places of a picture that is shown as a whole. */
function placesIn(answer: Float32Array, picture: { width: number; height: number }): Candidate[] {
  return candidatesOf([{ overview: squareAround(picture), answer }], picture);
}

const PICTURE = { width: 400, height: 200 };
const LEFT = { x: 20, y: 40, width: 50, height: 80 };
const RIGHT = { x: 300, y: 60, width: 40, height: 90 };

function expectBox(box: BoundingBox | undefined, wanted: BoundingBox): void {
  for (const key of ['x', 'y', 'width', 'height'] as const) expect(box?.[key]).toBeCloseTo(wanted[key], 3);
}

describe('candidatesOf', () => {
  it('gives the box that the finder sees, wherever it lies, and its square', () => {
    const anySize = fc.record({
      width: fc.integer({ min: 20, max: 2000 }),
      height: fc.integer({ min: 20, max: 2000 }),
    });
    const share = fc.double({ min: 0.05, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(anySize, share, share, share, share, (picture, x, y, width, height) => {
        const box = {
          x: x * picture.width - (width * picture.width) / 2,
          y: y * picture.height - (height * picture.height) / 2,
          width: Math.max(0.02 * Math.max(picture.width, picture.height), width * picture.width),
          height: Math.max(0.02 * Math.max(picture.width, picture.height), height * picture.height),
        };
        const [best, ...others] = placesIn(answerOf(picture, [{ box, probability: 0.9 }]), picture);
        expectBox(best?.box, box);
        expect(best?.probability).toBeCloseTo(0.9, 5);
        if (best) expect(best.square).toEqual(squareOfDigit(best.box));
        expect(others).toEqual([]);
      }),
    );
  });

  it('gives further places that are probable enough, the most probable first', () => {
    const [first, second, ...more] = placesIn(
      answerOf(PICTURE, [
        { box: RIGHT, probability: 0.4 },
        { box: LEFT, probability: 0.8 },
      ]),
      PICTURE,
    );
    expectBox(first?.box, LEFT);
    expectBox(second?.box, RIGHT);
    expect(more).toEqual([]);
  });

  it('leaves out what is far less probable, and the same digit seen from the next cell', () => {
    const nearlyLeft = { ...LEFT, y: LEFT.y + 24 };
    const found = placesIn(
      answerOf(PICTURE, [
        { box: LEFT, probability: 0.9 },
        { box: nearlyLeft, probability: 0.8 },
        { box: RIGHT, probability: 0.2 },
      ]),
      PICTURE,
    );
    expect(found.map(({ probability }) => Math.round(10 * probability))).toEqual([9]);
  });

  it('adds the whole picture where no place is probable', () => {
    const found = placesIn(answerOf(PICTURE, [{ box: LEFT, probability: 0.2 }]), PICTURE);
    expect(found).toHaveLength(2);
    expect(found[1]).toMatchObject({ box: { x: 0, y: 0, ...PICTURE }, square: { x: 0, y: -100, side: 400 } });
  });

  it('gives four places at most, each that can be cut out, whatever a network says', () => {
    const logits = fc
      .array(fc.double({ min: -50, max: 50, noNaN: true }), {
        minLength: FINDER_OUTPUTS,
        maxLength: FINDER_OUTPUTS,
      })
      .map((values) => Float32Array.from(values));
    fc.assert(
      fc.property(logits, (answer) => {
        const found = placesIn(answer, PICTURE);
        expect(found.length).toBeGreaterThanOrEqual(1);
        expect(found.length).toBeLessThanOrEqual(4);
        for (const { square } of found) {
          expect(square.side).toBeGreaterThan(0);
          expect(square.side).toBeLessThanOrEqual(3 * 400);
        }
      }),
    );
  });

  it('takes the most probable place of all overviews, in pixels of the picture', () => {
    const strip = { width: 2000, height: 100 };
    const overviews = overviewsOf(strip);
    const box = { x: 1400, y: 20, width: 40, height: 60 };
    const looks = overviews.map((overview) => {
      const answer = new Float32Array(FINDER_OUTPUTS).fill(-20);
      const inside = boxInSquare(box, overview, FINDER.side);
      const [middleX, middleY] = [inside.x + inside.width / 2, inside.y + inside.height / 2];
      if (middleX < 0 || middleX >= FINDER.side || middleY < 0 || middleY >= FINDER.side)
        return { overview, answer };
      const cell = cellOf(FINDER, inside);
      // Where it is seen as a speck it is not so sure.
      answer[planeIndex(FINDER, FINDER_PLANE.theDigit, cell)] = overview.side > 1000 ? 0 : 3;
      encodeBox(FINDER, inside, cell).forEach((value, i) => {
        answer[planeIndex(FINDER, FINDER.logitPlanes + i, cell)] = value;
      });
      return { overview, answer };
    });
    const [best, ...others] = candidatesOf(looks, strip);
    expectBox(best?.box, box);
    expect(best?.probability).toBeCloseTo(1 / (1 + Math.exp(-3)), 5);
    expect(others).toEqual([]);
  });
});

describe('overviewsOf', () => {
  const side = fc.integer({ min: 1, max: 5000 });

  it('shows all of a picture first, and of one that is no strip nothing else', () => {
    expect(overviewsOf({ width: 300, height: 200 })).toEqual([{ x: 0, y: -50, side: 300 }]);
    fc.assert(
      fc.property(side, side, (width, height) => {
        const [whole, ...pieces] = overviewsOf({ width, height });
        expect(whole).toEqual(squareAround({ width, height }));
        expect(pieces.length).toBeLessThanOrEqual(32);
        if (Math.max(width, height) < 6 * Math.min(width, height)) expect(pieces).toEqual([]);
      }),
    );
  });

  it('covers a strip with pieces that overlap by half, from end to end', () => {
    for (const [width, height] of [
      [2000, 100],
      [100, 2000],
      [640, 80],
    ] as const) {
      const pieces = overviewsOf({ width, height }).slice(1);
      const starts = pieces.map(({ x, y }) => (width > height ? x : y));
      expect(starts[0]).toBe(0);
      expect((starts.at(-1) ?? 0) + 3 * Math.min(width, height)).toBe(Math.max(width, height));
      starts.slice(1).forEach((start, i) => {
        expect(start - (starts[i] ?? 0)).toBeLessThanOrEqual(1.5 * Math.min(width, height) + 1e-9);
      });
    }
  });
});
