import type { LabelledFrames } from '../../../src/data/labelled-frames.js';
import { packFrames } from '../../../src/image/frame.js';
import { drawDigit, seededRandom } from './digits.js';

/** Digits drawn by the project's own pen, each in its own hand: enough for a small network to learn from. */
export function drawnSet(count: number, seed: number): LabelledFrames {
  const random = seededRandom(seed);
  const within = (size: number): number => (2 * random() - 1) * size;
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  const frames = [...labels].map(
    (digit) =>
      drawDigit(digit, {
        variant: Math.floor(random() * 3),
        penWidth: 2.4 + within(0.8),
        slantDegrees: within(10),
        rotationDegrees: within(6),
        jitter: 0.02,
        shiftX: within(1),
        shiftY: within(1),
        random,
      }).data,
  );
  return { frames: packFrames(frames), labels };
}
