import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differencesOf } from '../../../src/interpreter/differences/differences.js';
import { planOf } from '../../../src/interpreter/plan.js';
import { exportCascade, exportIntegerModel } from '../../../src/quantization/graphs.js';
import { networkOf, networkShapes, stream } from '../random-networks.js';

const PIXELS = 144;

/** Which pixels are another value: from none to all. */
const variants = fc.array(
  fc.record({
    pixels: fc.array(fc.integer({ min: 0, max: PIXELS - 1 }), { maxLength: PIXELS }),
    value: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 6 },
);

interface Variant {
  readonly pixels: readonly number[];
  readonly value: number;
}

/** Logits of an image and of its variants, from whole runs and from differences. */
function bothWays(bytes: Uint8Array, seed: number, asked: readonly Variant[]): [number[][], number[][]] {
  const next = stream(seed);
  const image = Float32Array.from({ length: PIXELS }, (_, i) => (i % 12 < 3 ? 0 : next()));
  const plain = planOf(bytes, 'plain');
  const differences = differencesOf(planOf(bytes, 'differences'));
  const whole = asked.map(({ pixels, value }) => {
    const other = image.slice();
    for (const at of pixels) other[at] = value;
    return [...plain.run(other)];
  });
  const first = [...plain.run(image)];
  const begun = [...differences.begin(image)];
  const followed = asked.map(({ pixels, value }) => [...differences.run(pixels, value)]);
  return [
    [first, ...whole],
    [begun, ...followed],
  ];
}

describe('differencesOf', () => {
  it('gives the logits of whole runs, bit by bit, whatever the layers and whatever changes', () => {
    fc.assert(
      fc.property(networkShapes, variants, (shape, asked) => {
        const [whole, followed] = bothWays(exportIntegerModel(networkOf(shape)), shape.seed, asked);
        expect(followed).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it.each([0, 0.2, 0.5, 1.1])(
    'does so for a cascade whose first stage has to be %s sure, whichever stage answers',
    (confidence) => {
      const shape = { channels: 5, padding: 1, stride: 1, isPooled: true };
      const first = networkOf({ ...shape, seed: 3 });
      const second = networkOf({ ...shape, seed: 4, channels: 16 });
      const bytes = exportCascade({ first, second, confidence });
      fc.assert(
        fc.property(fc.nat(1000), variants, (seed, asked) => {
          const [whole, followed] = bothWays(bytes, seed, asked);
          expect(followed).toEqual(whole);
        }),
        { numRuns: 10 },
      );
    },
  );

  it('begins anew with each image', () => {
    const bytes = exportIntegerModel(
      networkOf({ seed: 8, channels: 9, padding: 1, stride: 2, isPooled: false }),
    );
    const differences = differencesOf(planOf(bytes, 'differences'));
    const images = [1, 2].map((seed) => Float32Array.from({ length: PIXELS }, stream(seed)));
    for (const image of [...images, ...images]) {
      expect([...differences.begin(image)]).toEqual([...planOf(bytes, 'plain').run(image)]);
      differences.run([5, 6, 7], 0.25);
    }
  });
});
