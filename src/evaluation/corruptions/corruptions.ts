import { FRAME_PIXELS, frameAt, type Frame, type FrameBatch } from '../../image/frame.js';
import type { Random } from '../../random.js';
import { randomStream } from '../../random-streams.js';
import { glassBlur, motionBlur } from './blur.js';
import { cannyEdges } from './canny.js';
import { fog } from './fog.js';
import { impulseNoise, shotNoise } from './noise.js';
import { brightness, dottedLine, spatter, stripe, zigzag } from './overlays.js';
import { rotate, scale, shear, translate } from './warps.js';

/** One way to corrupt frames. */
export interface Corruption {
  /** As the paper has it, as `shot_noise`. */
  readonly name: string;
  /**
   * Corrupts one frame; the frame that it is given stays as it is.
   * @param random what it draws from; some corruptions draw nothing
   */
  readonly apply: (frame: Frame, random: Random) => Frame;
}

/**
 * The 15 corruptions of MNIST-C (Mu and Gilmer, "MNIST-C: a robustness benchmark for computer vision", 2019), in the
 * paper's order. Operations and severities are those of the reference implementation, whose defaults made the
 * published data set (https://github.com/google-research/mnist-c, corruptions.py); the images differ from the
 * published ones in what is drawn by chance.
 */
export const CORRUPTIONS: readonly Corruption[] = [
  { name: 'shot_noise', apply: shotNoise },
  { name: 'impulse_noise', apply: impulseNoise },
  { name: 'glass_blur', apply: glassBlur },
  { name: 'motion_blur', apply: motionBlur },
  { name: 'shear', apply: shear },
  { name: 'scale', apply: scale },
  { name: 'rotate', apply: rotate },
  { name: 'brightness', apply: brightness },
  { name: 'translate', apply: translate },
  { name: 'stripe', apply: stripe },
  { name: 'fog', apply: fog },
  { name: 'spatter', apply: spatter },
  { name: 'dotted_line', apply: dottedLine },
  { name: 'zigzag', apply: zigzag },
  { name: 'canny_edges', apply: cannyEdges },
];

/**
 * Corrupts frames in one way, each from a random stream of its own: how an image is corrupted depends on the
 * corruption and its place alone, so that the figures of two models can be compared to the last image.
 * @param firstIndex the place of the first frame in the whole data
 */
export function corruptFrames(corruption: Corruption, frames: FrameBatch, firstIndex = 0): FrameBatch {
  const kind = CORRUPTIONS.findIndex(({ name }) => name === corruption.name);
  const pixels = new Uint8Array(frames.count * FRAME_PIXELS);
  for (let i = 0; i < frames.count; i++) {
    const random = randomStream('corruptions', kind, firstIndex + i);
    pixels.set(corruption.apply(frameAt(frames, i), random), i * FRAME_PIXELS);
  }
  return { count: frames.count, pixels };
}
