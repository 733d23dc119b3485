/**
 * Corruptions that training images get: noise, blur, bad light, lines and blots, inverted or hollow strokes. The
 * strength is drawn anew for every picture. The corruptions that robustness is measured with
 * (`evaluation/corruptions/corruptions.ts`) are separate code; their settings played no part in these.
 */
import { FRAME_PIXELS, FRAME_SIDE } from '../../image/frame.js';
import { between, pick, wholeBetween, type Random } from '../../random.js';
import { clouds } from './clouds.js';
import { scribble } from './scribble.js';

/** Changes a frame of 784 numbers of 0..1 in place. */
export type Corruption = (frame: Float32Array, random: Random) => void;

// Reused by every call.
const before = new Float32Array(FRAME_PIXELS);
const field = new Float32Array(FRAME_PIXELS);

/** Applies one corruption, sometimes two. */
export const corrupt: Corruption = (frame, random) => {
  const first = pick(random, CORRUPTIONS);
  first(frame, random);
  if (random() < SHARE_OF_TWO) pick(random, CORRUPTIONS)(frame, random);
};

const SHARE_OF_TWO = 0.2;

/** Camera noise, or single pixels turned to ink or background. */
export const grain: Corruption = (frame, random) => {
  if (random() < 0.5) {
    const strength = between(random, 0.1, 0.5);
    const ofInk = random() < 0.5;
    for (let i = 0; i < FRAME_PIXELS; i++) {
      // The sum of two uniform numbers is close enough to normal.
      const noise = random() + random() - 1;
      frame[i] = clip(frame[i]! + 2 * strength * noise * (ofInk ? Math.sqrt(frame[i]!) : 1));
    }
    return;
  }
  const share = between(random, 0.02, 0.25);
  const ink = random();
  for (let i = 0; i < FRAME_PIXELS; i++) {
    if (random() < share) frame[i] = random() < ink ? 1 : 0;
  }
};

/** Out of focus, in motion, or seen through rough glass. */
export const blur: Corruption = (frame, random) => {
  if (random() < 0.5) jostle(frame, random);
  // In motion along one direction, or softened a little along both axes.
  const isMoved = random() < 0.5;
  const steps = wholeBetween(random, 1, isMoved ? 3 : 2);
  const length = between(random, 0.5, 1.3);
  const angle = between(random, 0, 2 * Math.PI);
  for (const direction of isMoved ? [angle] : [0, Math.PI / 2]) {
    const [x, y] = [Math.cos(direction) * length, Math.sin(direction) * length];
    for (let step = 0; step < steps; step++) average(frame, x * 2 ** step, y * 2 ** step);
  }
};

/** Swaps pixels with their neighbours. */
function jostle(frame: Float32Array, random: Random): void {
  const share = between(random, 0.3, 1);
  for (let row = 1; row < FRAME_SIDE - 1; row++) {
    for (let column = 1; column < FRAME_SIDE - 1; column++) {
      if (random() > share) continue;
      const here = row * FRAME_SIDE + column;
      const there = here + wholeBetween(random, -1, 1) * FRAME_SIDE + wholeBetween(random, -1, 1);
      const kept = frame[here]!;
      frame[here] = frame[there]!;
      frame[there] = kept;
    }
  }
}

/** The mean of each pixel and the one at the offset (x, y). */
function average(frame: Float32Array, x: number, y: number): void {
  before.set(frame);
  const [right, down] = [Math.round(x), Math.round(y)];
  for (let row = 0, pixel = 0; row < FRAME_SIDE; row++) {
    const other = Math.min(FRAME_SIDE - 1, Math.max(0, row + down)) * FRAME_SIDE;
    for (let column = 0; column < FRAME_SIDE; column++, pixel++) {
      const away = before[other + Math.min(FRAME_SIDE - 1, Math.max(0, column + right))]!;
      frame[pixel] = (before[pixel]! + away) / 2;
    }
  }
}

/** Light that is too strong, too weak or uneven: less contrast, on a background that is not blank. */
export const wash: Corruption = (frame, random) => {
  const contrast = between(random, 0.2, 1);
  const light = between(random, 0, 1 - contrast / 2);
  const uneven = random() < 0.6 ? between(random, 0, 0.9) : 0;
  if (uneven > 0) clouds(random, field);
  for (let i = 0; i < FRAME_PIXELS; i++) {
    frame[i] = clip(contrast * frame[i]! + light * (1 - uneven) + (uneven > 0 ? uneven * field[i]! : 0));
  }
};

/** Inverts the whole frame, or one side of one or two straight edges. */
export const invert: Corruption = (frame, random) => {
  if (random() < 0.25) {
    for (let i = 0; i < FRAME_PIXELS; i++) frame[i] = 1 - frame[i]!;
    return;
  }
  const [low, high] = [between(random, -4, 14), between(random, 14, 32)];
  const inside = random() < 0.5;
  const tilt = between(random, -0.3, 0.3);
  const isUpright = random() < 0.5;
  for (let row = 0, pixel = 0; row < FRAME_SIDE; row++) {
    for (let column = 0; column < FRAME_SIDE; column++, pixel++) {
      const place = isUpright ? column + tilt * (row - 14) : row + tilt * (column - 14);
      if ((place > low && place < high) === inside) frame[pixel] = 1 - frame[pixel]!;
    }
  }
};

/** Drops of ink, dirt or correction fluid. */
export const blot: Corruption = (frame, random) => {
  clouds(random, field);
  const threshold = between(random, 0.55, 0.7);
  const ink = random();
  for (let i = 0; i < FRAME_PIXELS; i++) {
    const cover = clip((field[i]! - threshold) * 10);
    frame[i] = frame[i]! * (1 - cover) + ink * cover;
  }
};

/** Keeps the outline of the strokes alone, or the strokes without their outline. */
export const hollow: Corruption = (frame, random) => {
  const threshold = between(random, 0.15, 0.6);
  const ofInk = random() < 0.5;
  const hasCorners = random() < 0.5;
  for (let i = 0; i < FRAME_PIXELS; i++) before[i] = frame[i]! > threshold === ofInk ? 1 : 0;
  const at = (row: number, column: number): number =>
    row < 0 || column < 0 || row >= FRAME_SIDE || column >= FRAME_SIDE
      ? Number(!ofInk)
      : before[row * FRAME_SIDE + column]!;
  for (let row = 0, pixel = 0; row < FRAME_SIDE; row++) {
    for (let column = 0; column < FRAME_SIDE; column++, pixel++) {
      if (before[pixel] === 0) {
        frame[pixel] = 0;
        continue;
      }
      let least = Math.min(
        at(row - 1, column),
        at(row + 1, column),
        at(row, column - 1),
        at(row, column + 1),
      );
      if (hasCorners) {
        least = Math.min(
          least,
          at(row - 1, column - 1),
          at(row - 1, column + 1),
          at(row + 1, column - 1),
          at(row + 1, column + 1),
        );
      }
      frame[pixel] = 1 - least;
    }
  }
};

const CORRUPTIONS: readonly [Corruption, ...Corruption[]] = [
  grain,
  blur,
  wash,
  invert,
  scribble,
  blot,
  hollow,
];

function clip(value: number): number {
  return Math.min(1, Math.max(0, value));
}
