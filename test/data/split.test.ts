import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  joinFrames,
  labelFrames,
  pickFrames,
  takeFrames,
  type LabelledFrames,
} from '../../src/data/labelled-frames.js';
import { splitShare, splitValidation, VALIDATION_COUNT } from '../../src/data/split.js';
import { FRAME_PIXELS } from '../../src/image/frame.js';

/** Image i is filled with i, and its label is i modulo 10. */
function numbered(count: number): LabelledFrames {
  const pixels = new Uint8Array(count * FRAME_PIXELS).map((_, i) => Math.floor(i / FRAME_PIXELS));
  return labelFrames(
    { count, pixels },
    Uint8Array.from({ length: count }, (_, i) => i % 10),
    'it',
  );
}

/** The images of `numbered`, digit by digit. */
function sorted(count: number): LabelledFrames {
  const data = numbered(count);
  const places = Array.from({ length: count }, (_, i) => i);
  return pickFrames(
    data,
    places.toSorted((a, b) => data.labels[a]! - data.labels[b]! || a - b),
  );
}

/** Which of the images of `numbered` these are. */
function placesOf({ frames }: LabelledFrames): number[] {
  return Array.from({ length: frames.count }, (_, i) => frames.pixels[i * FRAME_PIXELS]!);
}

describe('labelled frames', () => {
  it('keeps each image with its label in any range, without a copy', () => {
    const data = numbered(50);
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const part = takeFrames(data, from, to);
        expect(part.frames.count).toBe(to - from);
        expect(part.frames.pixels.buffer).toBe(data.frames.pixels.buffer);
        for (let i = 0; i < to - from; i++) {
          expect(part.frames.pixels[i * FRAME_PIXELS]).toBe(from + i);
          expect(part.labels[i]).toBe((from + i) % 10);
        }
      }),
    );
  });

  it('refuses ranges outside of the data', () => {
    const data = numbered(3);
    for (const [from, to] of [
      [-1, 2],
      [2, 1],
      [0, 4],
      [0.5, 2],
    ] as const) {
      expect(() => takeFrames(data, from, to)).toThrow(RangeError);
    }
  });

  it('refuses as many labels as there are not images', () => {
    const frames = { count: 2, pixels: new Uint8Array(2 * FRAME_PIXELS) };
    expect(() => labelFrames(frames, new Uint8Array(3), 'digits')).toThrow(
      'digits: expected one label for each image, got 2 images and 3 labels.',
    );
  });
});

describe('picking and joining', () => {
  it('keeps each image with its label, in the order asked for', () => {
    const picked = pickFrames(numbered(50), [7, 42, 7]);
    expect([...picked.labels]).toEqual([7, 2, 7]);
    expect(placesOf(picked)).toEqual([7, 42, 7]);
    const joined = joinFrames(picked, takeFrames(numbered(50), 11, 13), takeFrames(numbered(50), 0, 0));
    expect(joined.frames.count).toBe(5);
    expect([...joined.labels]).toEqual([7, 2, 7, 1, 2]);
    expect(placesOf(joined)).toEqual([7, 42, 7, 11, 12]);
  });
});

describe('splitShare', () => {
  it('puts each image on one side, and the share of every digit on the other', () => {
    const { training, validation } = splitShare(numbered(200), 0.1);
    expect([...placesOf(training), ...placesOf(validation)].toSorted((a, b) => a - b)).toEqual(
      placesOf(numbered(200)),
    );
    for (const part of [training, validation]) {
      expect(placesOf(part).map((place) => place % 10)).toEqual([...part.labels]);
    }
    expect([...validation.labels].toSorted()).toEqual(
      Array.from({ length: 20 }, (_, i) => Math.floor(i / 2)),
    );
  });

  it('mixes the digits, so that the first images are a sample of all', () => {
    const { training } = splitShare(sorted(200), 0.1);
    expect(new Set(training.labels.subarray(0, 60)).size).toBe(10);
  });

  it('gives the same every time', () => {
    expect(splitShare(numbered(50), 0.3)).toEqual(splitShare(numbered(50), 0.3));
  });

  it.each([
    // Of 5 images of a digit at least one, at most four.
    [50, 0.01, 10],
    [50, 0.9, 40],
    // Of the digits 0 and 1 there are two, of the others one: that is learned from.
    [12, 0.1, 2],
  ])('of %i images sets %d aside: %i', (count, share, expected) => {
    const { training, validation } = splitShare(numbered(count), share);
    expect([training.labels.length, validation.labels.length]).toEqual([count - expected, expected]);
    expect(new Set(training.labels).size).toBe(10);
  });

  it('refuses images of which none could validate', () => {
    expect(() => splitShare(numbered(10), 0.1)).toThrow(
      'Expected two images or more of a digit at least, one to learn from and one to validate with; got 10 ' +
        'images of as many digits.',
    );
  });
});

describe('splitValidation', () => {
  it('sets the last images aside, and each image is on one side', () => {
    const { training, validation } = splitValidation(numbered(50), 8);
    expect([training.frames.count, validation.frames.count]).toEqual([42, 8]);
    expect([...training.labels, ...validation.labels]).toEqual([...numbered(50).labels]);
    expect(validation.frames.pixels[0]).toBe(42);
  });

  it('leaves 55,000 of the 60,000 images of MNIST to learn from', () => {
    const data = { frames: { count: 60_000, pixels: new Uint8Array(0) }, labels: new Uint8Array(60_000) };
    expect(splitValidation(data).training.labels.length).toBe(55_000);
    expect(VALIDATION_COUNT).toBe(5_000);
  });

  it('refuses to leave nothing to learn from', () => {
    expect(() => splitValidation(numbered(8), 8)).toThrow('Expected more than 8 images');
  });
});
