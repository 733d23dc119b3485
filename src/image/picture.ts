import type { Frame } from './frame.js';
import type { Plane } from './plane.js';

/** A picture as it is to be seen: upright, gray, transparency laid over a ground. */
export interface Picture {
  /** In gray, one value a square of `reduction x reduction` pixels. */
  readonly gray: Plane;
  /** 1 or more. */
  readonly reduction: number;
  /** Pixels of the picture itself, upright. */
  readonly width: number;
  readonly height: number;
}

/** What an image file is to the models: a frame as MNIST's are, or a picture that the digit is to be found in. */
export type ImageContent =
  { readonly kind: 'frame'; readonly frame: Frame } | { readonly kind: 'picture'; readonly picture: Picture };

/** A frame as what an image file is. */
export function contentOf(frame: Frame): ImageContent {
  return { kind: 'frame', frame };
}
