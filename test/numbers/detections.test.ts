import { describe, expect, it } from 'vitest';
import { cellOf, encodeBox, planeIndex } from '../../src/image/view/cell-grid.js';
import { DETECTOR, DETECTOR_OUTPUTS } from '../../src/image/view/detector-cells.js';
import {
  detectionsOf,
  distinct,
  isPieceOf,
  seenDetection,
  type Detection,
} from '../../src/numbers/detections.js';

const SQUARE = { x: 100, y: 50, side: 192, columns: 12 };

/** Logits of a detector that sees these in a close-up, with boxes in its pixels. */
function answerOf(
  seen: readonly {
    plane: number;
    box: { x: number; y: number; width: number; height: number };
    logit: number;
  }[],
): Float32Array {
  const logits = new Float32Array(DETECTOR_OUTPUTS).fill(-12);
  for (const { plane, box, logit } of seen) {
    const cell = cellOf(DETECTOR, box);
    logits[planeIndex(DETECTOR, plane, cell)] = logit;
    encodeBox(DETECTOR, box, cell).forEach((value, i) => {
      logits[planeIndex(DETECTOR, DETECTOR.logitPlanes + i, cell)] = value;
    });
  }
  return logits;
}

const MIDDLE = { x: 40, y: 32, width: 16, height: 32 };

describe('detectionsOf', () => {
  it('gives digits with their boxes in the picture, and how probable each is', () => {
    const logits = answerOf([
      { plane: 7, box: MIDDLE, logit: 3 },
      { plane: 1, box: MIDDLE, logit: 0 },
    ]);
    const { digits, separators } = detectionsOf(logits, 0, SQUARE);
    expect(separators).toEqual([]);
    expect(digits).toHaveLength(1);
    const [digit] = digits;
    // The close-up shows two pixels of the picture in one.
    expect(digit?.box.x).toBeCloseTo(180, 3);
    expect(digit?.box.height).toBeCloseTo(64, 3);
    expect(digit?.isDigit).toBe(1);
    const [seven, one] = [1 / (1 + Math.exp(-3)), 0.5];
    expect(digit?.probabilities[7]).toBeCloseTo(seven / (seven + one), 3);
    expect(digit?.probabilities[1]).toBeCloseTo(one / (seven + one), 3);
  });

  it('leaves out what is hardly one, and reads its own answer among several', () => {
    const two = new Float32Array(2 * DETECTOR_OUTPUTS);
    two.set(answerOf([{ plane: 4, box: MIDDLE, logit: -5 }]), 0);
    two.set(answerOf([{ plane: 4, box: MIDDLE, logit: 0.5 }]), DETECTOR_OUTPUTS);
    expect(detectionsOf(two, 0, SQUARE).digits).toEqual([]);
    expect(detectionsOf(two, DETECTOR_OUTPUTS, SQUARE).digits[0]?.isDigit).toBeCloseTo(0.62, 2);
  });

  it('gives separators that are not improbable', () => {
    const comma = { x: 60, y: 60, width: 4, height: 6 };
    const dash = { x: 10, y: 48, width: 10, height: 3 };
    const logits = answerOf([
      { plane: 10, box: comma, logit: 2 },
      { plane: 11, box: dash, logit: -1 },
      { plane: 12, box: MIDDLE, logit: -2 },
    ]);
    const { digits, separators } = detectionsOf(logits, 0, SQUARE);
    expect(digits).toEqual([]);
    expect(separators.map(({ mark }) => mark).toSorted()).toEqual(['-', '.']);
  });

  it('says how clearly each is seen: less at an edge', () => {
    const clarity = (box: typeof MIDDLE): number =>
      detectionsOf(answerOf([{ plane: 3, box, logit: 2 }]), 0, SQUARE).digits[0]?.clarity ?? NaN;
    expect(clarity(MIDDLE)).toBeGreaterThan(0.99);
    expect(clarity({ ...MIDDLE, x: 0 })).toBeLessThan(0.7);
  });
});

describe('distinct', () => {
  const at = (x: number, isDigit: number, clarity = 1): Detection => ({
    box: { x, y: 0, width: 20, height: 30 },
    isDigit,
    clarity,
    probabilities: new Float32Array(10).fill(0.1),
  });

  it('keeps of boxes of one digit the one that was seen most clearly', () => {
    const [clear, blurred, beside] = [at(0, 0.9, 1), at(2, 0.95, 0.2), at(24, 0.8)];
    expect(distinct([blurred, clear, beside], 10)).toEqual([clear, beside]);
  });

  it('keeps digits that touch, and no more than are asked for', () => {
    const digits = [at(0, 0.9), at(15, 0.9), at(30, 0.9)];
    expect(distinct(digits, 10)).toHaveLength(3);
    expect(distinct(digits, 2)).toHaveLength(2);
  });
});

describe('isPieceOf', () => {
  const whole: Detection = {
    box: { x: 10, y: 10, width: 40, height: 60 },
    isDigit: 0.9,
    clarity: 1,
    probabilities: new Float32Array(10).fill(0.1),
  };

  it('is so for a small box within a likely digit', () => {
    expect(isPieceOf({ x: 15, y: 40, width: 20, height: 25 }, [whole])).toBe(true);
    expect(distinct([whole, { ...whole, box: { x: 15, y: 40, width: 20, height: 25 } }], 10)).toHaveLength(1);
  });

  it('is not for neighbours, for boxes of about its height, or within what is hardly a digit', () => {
    expect(isPieceOf({ x: 45, y: 40, width: 20, height: 25 }, [whole])).toBe(false);
    expect(isPieceOf({ x: 12, y: 12, width: 20, height: 56 }, [whole])).toBe(false);
    expect(isPieceOf({ x: 15, y: 40, width: 20, height: 25 }, [{ ...whole, isDigit: 0.2 }])).toBe(false);
  });
});

describe('distinct, of digits above each other', () => {
  it('keeps them, and not what looks like one of both', () => {
    const make = (y: number, height: number): Detection => ({
      box: { x: 10, y, width: 40, height },
      isDigit: 0.95,
      clarity: 1,
      probabilities: new Float32Array(10).fill(0.1),
    });
    const [upper, lower, both] = [make(0, 60), make(70, 60), make(0, 130)];
    expect(distinct([both, upper, lower], 10)).toEqual([upper, lower]);
    expect(distinct([both, upper], 10)).toEqual([both]);
    // What is far less likely gives way to what it lies around.
    expect(distinct([{ ...both, isDigit: 0.55 }, upper], 10)).toEqual([upper]);
  });
});

describe('seenDetection', () => {
  it('is as likely as the finder says, any digit alike, and gives way to what the detector sees', () => {
    const box = { x: 0, y: 0, width: 20, height: 30 };
    const seen = seenDetection({ box, probability: 0.8, shownSide: 40 });
    expect(seen.isDigit).toBe(0.8);
    expect(seen.probabilities.every((value) => value === seen.probabilities[0])).toBe(true);
    const detected: Detection = { ...seen, isDigit: 0.7, clarity: 1 };
    expect(distinct([seen, detected], 10)).toEqual([detected]);
  });
});
