/**
 * A decoded picture: 8 bits a sample, rows from the top, samples of a pixel side by side.
 * Channels: 1 gray, 2 gray + alpha, 3 RGB, 4 RGB + alpha; alpha is not premultiplied.
 */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  /** `[height, width, channels]` */
  readonly data: Uint8Array;
}
