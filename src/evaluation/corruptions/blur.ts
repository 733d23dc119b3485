import { FRAME_PIXELS, FRAME_SIDE, type Frame } from '../../image/frame.js';
import { wholeBetween, type Random } from '../../random.js';
import { correlateEven, gaussianWeights } from './filters.js';
import { toLevels, toPlane, type Plane } from './float-plane.js';

/** Severity 1: standard deviation in pixels, how far a pixel is swapped, how often the picture is gone through. */
const GLASS = { sigma: 0.7, reach: 1, rounds: 2 };

/** Severity 1: half the number of taps, and the standard deviation, in pixels; the direction, in degrees. */
const MOTION = { radius: 10, sigma: 3, maxDegrees: 45 };

/**
 * `glass_blur`: blurred, pixels swapped with near ones, blurred again. The reference tells its Gaussian filter
 * that the last axis holds channels, which of a grey picture is the columns: it blurs down the columns only.
 */
export function glassBlur(frame: Frame, random: Random): Frame {
  const weights = gaussianWeights(GLASS.sigma);
  const blur = (plane: Plane): Plane => correlateEven(plane, 'down', weights, 'nearest');
  // Rounded down here, as NumPy makes bytes of numbers.
  const levels = Uint8Array.from(blur(toPlane(frame)), (ink) => Math.trunc(ink * 255));
  for (let round = 0; round < GLASS.rounds; round++) swapNeighbours(levels, random);
  return toLevels(blur(toPlane(levels)));
}

/** Swaps every other pixel, by chance, with one of those up to `reach` before it on both axes. */
function swapNeighbours(levels: Uint8Array, random: Random): void {
  const { reach } = GLASS;
  for (let row = FRAME_SIDE - reach; row > reach; row--) {
    for (let column = FRAME_SIDE - reach; column > reach; column--) {
      if (random() < 0.5) continue;
      const right = wholeBetween(random, -reach, reach - 1);
      const down = wholeBetween(random, -reach, reach - 1);
      const here = row * FRAME_SIDE + column;
      const there = here + down * FRAME_SIDE + right;
      [levels[here], levels[there]] = [levels[there]!, levels[here]!];
    }
  }
}

/**
 * `motion_blur`: `MotionBlurImage` of ImageMagick. A trail to one side, its weights half a Gaussian, each tap at the
 * nearest pixel; beyond the border the border's pixel.
 */
export function motionBlur(frame: Frame, random: Random): Frame {
  const degrees = (2 * random() - 1) * MOTION.maxDegrees;
  return trail(frame, (degrees * Math.PI) / 180);
}

/** @param angle in radians, clockwise from the direction of the rows */
export function trail(frame: Frame, angle: number): Frame {
  const taps = motionTaps(angle);
  const clamp = (place: number): number => Math.min(FRAME_SIDE - 1, Math.max(0, place));
  const blurred = new Uint8Array(FRAME_PIXELS);
  for (let row = 0, pixel = 0; row < FRAME_SIDE; row++) {
    for (let column = 0; column < FRAME_SIDE; column++, pixel++) {
      let sum = 0;
      for (const { right, down, weight } of taps) {
        sum += weight * frame[clamp(row + down) * FRAME_SIDE + clamp(column + right)]!;
      }
      blurred[pixel] = Math.round(sum);
    }
  }
  return blurred;
}

function motionTaps(angle: number): { right: number; down: number; weight: number }[] {
  const taps = Array.from({ length: 2 * MOTION.radius + 1 }, (_, distance) => ({
    right: Math.ceil(distance * Math.cos(angle) - 0.5),
    down: Math.ceil(distance * Math.sin(angle) - 0.5),
    weight: Math.exp((-distance * distance) / (2 * MOTION.sigma * MOTION.sigma)),
  }));
  const sum = taps.reduce((total, { weight }) => total + weight, 0);
  return taps.map((tap) => ({ ...tap, weight: tap.weight / sum }));
}
