import type { Frame } from '../../image/frame.js';
import type { Random } from '../../random.js';
import { toLevels, toPlane } from './float-plane.js';

/** Photons that full ink sends to one pixel, on average (severity 5). */
const SHOT_PHOTONS = 3;

/** Share of the pixels that an impulse hits (severity 4); half of those turn to ink, half to background. */
const IMPULSE_SHARE = 0.17;

/** `shot_noise`: each pixel is counted in few photons (Poisson). */
export function shotNoise(frame: Frame, random: Random): Frame {
  return toLevels(toPlane(frame).map((ink) => poisson(ink * SHOT_PHOTONS, random) / SHOT_PHOTONS));
}

/** `impulse_noise`: salt and pepper (`skimage.util.random_noise`, mode `s&p`). */
export function impulseNoise(frame: Frame, random: Random): Frame {
  return frame.map((level) => {
    // Both are drawn for every pixel: where the impulses fall does not depend on what they turn pixels into.
    const hit = random() < IMPULSE_SHARE;
    const salt = random() < 0.5;
    if (!hit) return level;
    return salt ? 255 : 0;
  });
}

/** A Poisson distributed number, by multiplication (Knuth); quick for the small means that it is used with. */
export function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean);
  let count = -1;
  for (let product = 1; product > limit; count++) product *= 1 - random();
  return Math.max(0, count);
}
