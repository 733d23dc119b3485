import { InkdigitError } from '../errors.js';
import type { Raster } from '../image/raster.js';
import type { Size } from '../image/formats/format.js';

/** What of browsers is used here, which Node does not have. */
interface Bitmap extends Size {
  close(): void;
}
interface Context {
  imageSmoothingQuality: 'low' | 'medium' | 'high';
  putImageData(pixels: unknown, x: number, y: number): void;
  createImageData(width: number, height: number): { readonly data: Uint8ClampedArray };
  drawImage(bitmap: Bitmap, x: number, y: number, width: number, height: number): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
}
interface Canvas {
  width: number;
  height: number;
  getContext(kind: '2d', options: { willReadFrequently: boolean }): Context | null;
}
declare const OffscreenCanvas: (new (width: number, height: number) => Canvas) | undefined;
declare const document: { createElement(name: 'canvas'): Canvas } | undefined;
declare const createImageBitmap:
  ((image: unknown, options: { imageOrientation: 'from-image' }) => Promise<Bitmap>) | undefined;

/** A picture that a browser decoded, until it is closed. */
export interface DecodedPicture extends Size {
  /**
   * The pixels. A large picture is made smaller on the way, of `largestSide` pixels on its longer side.
   * @throws InkdigitError `unsupported` where the browser changes pixels before it hands them over
   */
  pixels(largestSide: number): Raster;
  close(): void;
}

/** More pixels are not copied out of a canvas as they are: four bytes each. */
const MOST_PIXELS = 4_000_000;

/**
 * Has the browser decode a picture, the right way up.
 * @param image whatever `createImageBitmap` takes: a blob of an image file, a canvas, an image of the page
 * @throws InkdigitError `not_an_image`, `too_many_pixels`; `unsupported` where there is no decoder
 */
export async function decodeByBrowser(image: unknown, maxPixels: number): Promise<DecodedPicture> {
  if (typeof createImageBitmap === 'undefined') {
    throw unsupported('There is no createImageBitmap here to decode image files with');
  }
  const bitmap = await createImageBitmap(image, { imageOrientation: 'from-image' }).catch(
    (cause: unknown) => {
      const message = 'Expected an image that this browser can decode; it cannot decode this one.';
      throw new InkdigitError('not_an_image', message, { cause });
    },
  );
  const { width, height } = bitmap;
  if (width * height > maxPixels) {
    bitmap.close();
    const message = `Expected at most ${maxPixels} pixels, got ${width} x ${height}. Make the picture smaller.`;
    throw new InkdigitError('too_many_pixels', message);
  }
  return {
    width,
    height,
    pixels: (largestSide) => pixelsOf(bitmap, largestSide),
    close: () => bitmap.close(),
  };
}

function pixelsOf(bitmap: Bitmap, largestSide: number): Raster {
  const isLarge = bitmap.width * bitmap.height > MOST_PIXELS;
  const share = isLarge ? Math.min(1, largestSide / Math.max(bitmap.width, bitmap.height)) : 1;
  const width = Math.max(1, Math.round(bitmap.width * share));
  const height = Math.max(1, Math.round(bitmap.height * share));
  requireTruePixels();
  const context = contextOf(width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return { width, height, channels: 4, data: bytesOf(context.getImageData(0, 0, width, height).data) };
}

/** The same memory. */
export function bytesOf({ buffer, byteOffset, byteLength }: Uint8ClampedArray | Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function contextOf(width: number, height: number): Context {
  let canvas: Canvas;
  if (typeof OffscreenCanvas !== 'undefined') canvas = new OffscreenCanvas(width, height);
  else if (typeof document !== 'undefined') {
    canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
  } else throw unsupported('There is no canvas here to take the pixels of an image from');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw unsupported('The canvas of this browser has no pixels');
  return context;
}

/** Side of the pattern that is put on a canvas and read back. */
const PATTERN_SIDE = 16;

let areTrue: boolean | undefined;

/**
 * Against being recognised, some browsers change the pixels that pages read: a digit would be read in noise.
 * @throws InkdigitError `unsupported`
 */
function requireTruePixels(): void {
  areTrue ??= isPatternKept();
  if (!areTrue) {
    throw unsupported('To protect its user, this browser changes the pixels that are read from a canvas');
  }
}

function isPatternKept(): boolean {
  const context = contextOf(PATTERN_SIDE, PATTERN_SIDE);
  const pattern = context.createImageData(PATTERN_SIDE, PATTERN_SIDE);
  for (let i = 0; i < pattern.data.length; i++) pattern.data[i] = i % 4 === 3 ? 255 : (i * 37) % 256;
  context.putImageData(pattern, 0, 0);
  const { data } = context.getImageData(0, 0, PATTERN_SIDE, PATTERN_SIDE);
  return data.every((value, i) => value === pattern.data[i]);
}

function unsupported(why: string): InkdigitError {
  const message = `${why}. Give the pixels themselves: { width, height, data }, or have a service read the image.`;
  return new InkdigitError('unsupported', message);
}
