import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelFrames, takeFrames, type LabelledFrames } from '../../src/data/labelled-frames.js';
import { splitValidation, VALIDATION_COUNT } from '../../src/data/split.js';
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
