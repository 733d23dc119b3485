import { FRAME_PIXELS } from '../../image/frame.js';
import { between, type Random } from '../../random.js';
import { corrupt } from './corrupt.js';
import { changeStrokes } from './stroke-width.js';
import { createWarp, type WarpSettings } from './warp.js';

/** How far a training image may be changed. The actual change is drawn anew for every image and epoch. */
export interface Augmentation extends WarpSettings {
  /** Largest change of the strokes' width on each side, in pixels. */
  readonly strokePixels: number;
  /** Share of the images that are corrupted: noise, blur, bad light, lines, blots, inverted or hollow strokes. */
  readonly corruptionProbability: number;
}

export const DEFAULT_AUGMENTATION: Augmentation = {
  rotationDegrees: 14,
  scale: 0.14,
  shear: 0.2,
  shiftPixels: 2.5,
  elasticPixels: 0.4,
  strokePixels: 0.2,
  corruptionProbability: 0.05,
};

/**
 * Writes one training image, changed at random.
 * @param source frames of 0..255; the image starts at `sourceOffset`
 * @param target receives 784 numbers of 0..1 at `targetOffset`
 */
export type Augment = (
  source: Uint8Array,
  sourceOffset: number,
  target: Float32Array,
  targetOffset: number,
  random: Random,
) => void;

/** Makes the function that changes training images: warped, then thicker or thinner strokes, then corrupted or not. */
export function createAugment(augmentation: Augmentation): Augment {
  const { strokePixels, corruptionProbability } = augmentation;
  const warp = createWarp(augmentation);
  return (source, sourceOffset, target, targetOffset, random) => {
    const frame = target.subarray(targetOffset, targetOffset + FRAME_PIXELS);
    warp(source, sourceOffset, frame, random);
    if (strokePixels > 0) changeStrokes(frame, between(random, -strokePixels, strokePixels));
    if (corruptionProbability > 0 && random() < corruptionProbability) corrupt(frame, random);
  };
}

/** Writes one image unchanged: 784 numbers of 0..1. */
export const copyFrame: Augment = (source, sourceOffset, target, targetOffset) => {
  for (let i = 0; i < FRAME_PIXELS; i++) target[targetOffset + i] = source[sourceOffset + i]! / 255;
};
