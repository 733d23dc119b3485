import { describe, expect, it } from 'vitest';
import { packFrames } from '../../src/image/frame.js';
import { eachReading, readingsOf } from '../../src/model/readings.js';

const inked = new Uint8Array(784).fill(1, 300, 301);
const blank = new Uint8Array(784);

/**
 * The probabilities of an image that is a 3 with this one, another digit with half of the rest, and none with the
 * other.
 */
function row(probability: number): number[] {
  return Array.from({ length: 10 }, (_, digit) => (digit === 3 ? probability : (1 - probability) / 18));
}

describe('readingsOf', () => {
  it('takes for a digit what is one with the probability of the threshold, whichever', () => {
    const probabilities = Float32Array.from([...row(0.75), ...row(0.5), ...row(0.25)]);
    const readings = readingsOf(packFrames([inked, inked, inked]), probabilities, 0.74);
    expect(readings.map((reading) => [reading.class, reading.probability, reading.digit])).toEqual([
      [3, 0.75, true],
      [3, 0.5, true],
      [3, 0.25, false],
    ]);
    expect(readings.every(({ threshold }) => threshold === 0.74)).toBe(true);
    expect([...readings[1]!.probabilities]).toEqual([...probabilities.subarray(10, 20)]);
  });

  it('takes a blank for none, however sure a model is of it', () => {
    const probabilities = Float32Array.from([...row(1), ...row(1)]);
    const digits = (threshold: number): boolean[] =>
      readingsOf(packFrames([blank, inked]), probabilities, threshold).map(({ digit }) => digit);
    expect(digits(0.5)).toEqual([false, true]);
    expect(digits(0)).toEqual([false, true]);
  });
});

it('eachReading says the same of each frame', () => {
  const probabilities = Float32Array.from([0.75, 0.5, 0.25, 1].flatMap(row));
  const frames = packFrames([inked, inked, inked, blank]);
  const said: unknown[] = [];
  eachReading(frames, probabilities, 0.74, (...reading) => said.push(reading));
  const readings = readingsOf(frames, probabilities, 0.74);
  expect(said).toEqual(readings.map((reading) => [reading.class, reading.probability, reading.digit]));
  expect(said).toHaveLength(4);
});
