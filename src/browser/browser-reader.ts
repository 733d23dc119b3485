// Consumers whose `lib` is older know no Symbol.asyncDispose.
/// <reference lib="esnext.disposable" preserve="true" />
import { InkdigitError } from '../errors.js';
import { DEFAULT_MAX_PIXELS } from '../image/decode/pixel-limit.js';
import { DEFAULT_NORMALIZE, type NormalizeMode } from '../image/normalize-mode.js';
import { LARGEST_SIDE, toContent } from '../image/normalize/to-content.js';
import type { ImageContent } from '../image/picture.js';
import type { Raster } from '../image/raster.js';
import { runYielding } from '../image/task.js';
import type { NumberReading } from '../model/number-reading.js';
import { readingsOfContents, type ImageReading } from '../reading/content-reading.js';
import {
  NUMBER_LARGEST_SIDE,
  numberInContent,
  numberQuestionOf,
  type ReadNumberOptions,
} from '../reading/number-in-content.js';
import { resultOf, type ReadOptions, type ReadResult } from '../reading/read-result.js';
import { bytesOf, decodeByBrowser } from './canvas-pixels.js';
import { deviceNetworks, type DeviceNetworks } from './device-networks.js';
import type { ModelBytes } from './load-model.js';

/** The pixels of a picture, as an `ImageData` has them. */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  /** `[height, width, channels]`, 8 bits each: gray, gray and opacity, red green blue, or these and opacity. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** An image that the browser decodes: a `Blob` of an image file, an `ImageBitmap`, a canvas, an `<img>`. */
export type DecodableImage = object;

/** What can be read: pixels, or what the browser makes pixels of. */
export type BrowserImage = PixelImage | DecodableImage;

export interface BrowserReaderOptions {
  /**
   * Where the models lie, an address that ends with a slash, or their bytes. Default: `models/` of this package, from
   * where its code was loaded.
   */
  readonly models?: string | URL | ModelBytes;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
  /** Whether the model of frames is loaded when it is first needed, as all others are. Default: at once. */
  readonly isLazy?: boolean;
}

/** What is known of a number, and how long to wait for it. */
export interface BrowserNumberOptions extends ReadNumberOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Reads digits on the device that runs it: in a page, in a worker, wherever there is JavaScript. */
export interface BrowserDigitReader {
  /**
   * Reads one image.
   * @returns what was read, or the error that says why the image cannot be read
   * @throws InkdigitError `missing_file` or `invalid_model` where a model cannot be loaded; the reason of
   * `options.signal` when that is aborted
   */
  read(image: BrowserImage, options?: ReadOptions): Promise<ReadResult>;
  /**
   * Reads images, one after the other. One that cannot be read does not hold up the others.
   * @returns one result for each image, in their order
   * @throws as `read`
   */
  readAll(images: readonly BrowserImage[], options?: ReadOptions): Promise<ReadResult[]>;
  /**
   * Reads every digit in an image.
   * @throws InkdigitError `not_an_image`, `too_many_pixels` or `invalid_option`; otherwise as `read`
   */
  readNumber(image: BrowserImage, options?: BrowserNumberOptions): Promise<NumberReading>;
  /** Lets go of the models. More than one call does no harm. */
  close(): Promise<void>;
  /** The same as `close`, for `await using reader = await openDigitReader()`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens a reader that needs no server: the shipped models, in plain TypeScript.
 * @throws InkdigitError `missing_file` or `invalid_model` where the model of frames cannot be loaded
 */
export async function openDigitReader(options: BrowserReaderOptions = {}): Promise<BrowserDigitReader> {
  let networks: DeviceNetworks | undefined = deviceNetworks(sourceOf(options));
  const opened = (): DeviceNetworks => {
    if (networks) return networks;
    throw new InkdigitError('invalid_option', 'Expected an open reader; this one is closed. Open another.');
  };
  if (!options.isLazy) await networks.classifier();
  const read: BrowserDigitReader['read'] = async (image, { normalize, signal } = {}) => {
    try {
      const content = await contentOfImage(image, LARGEST_SIDE, normalize, signal);
      const { reading } = await readContent(opened(), content);
      signal?.throwIfAborted();
      return resultOf(reading);
    } catch (thrown) {
      if (thrown instanceof InkdigitError && IMAGE_FAULTS.has(thrown.code)) return resultOf(thrown);
      throw thrown;
    }
  };
  const close = async (): Promise<void> => void (networks = undefined);
  return {
    read,
    async readAll(images, readOptions) {
      const results: ReadResult[] = [];
      for (const image of images) results.push(await read(image, readOptions));
      return results;
    },
    async readNumber(image, { signal, ...known } = {}) {
      const question = numberQuestionOf(known);
      const content = await contentOfImage(image, NUMBER_LARGEST_SIDE, DEFAULT_NORMALIZE, signal);
      const number = await numberInContent(await opened().networksFor(content), content, question);
      signal?.throwIfAborted();
      return number;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What is wrong with an image, not with the reader. */
const IMAGE_FAULTS: ReadonlySet<string> = new Set(['not_an_image', 'too_many_pixels']);

function sourceOf({ models, fetch }: BrowserReaderOptions): Parameters<typeof deviceNetworks>[0] {
  return {
    models: models ?? new URL('../../models/', import.meta.url),
    // Looked up at each call, as a method: browsers refuse a fetch that was taken off the window.
    fetch: fetch ?? ((address, init) => globalThis.fetch(address, init)),
  };
}

/**
 * Reads what was decoded.
 * @param withInput whether the answer is to have what the network was shown
 */
export async function readContent(
  networks: DeviceNetworks,
  content: ImageContent,
  withInput = false,
): Promise<ImageReading> {
  const [read] = await readingsOfContents(await networks.networksFor(content), [content], withInput);
  if (!read) throw new Error('unreachable: there is a reading for every image');
  return read;
}

/**
 * From an image to what the models read.
 * @param largestSide pixels on the longer side of a picture at most
 * @throws InkdigitError `not_an_image`, `too_many_pixels` or `unsupported`; the reason of `signal` when that is aborted
 */
export async function contentOfImage(
  image: BrowserImage,
  largestSide: number,
  normalize: NormalizeMode = DEFAULT_NORMALIZE,
  signal?: AbortSignal,
): Promise<ImageContent> {
  signal?.throwIfAborted();
  if (isPixelImage(image)) {
    const raster = rasterOf(image);
    return runYielding(toContent(raster, normalize, 1, raster, largestSide), signal);
  }
  const decoded = await decodeByBrowser(image, DEFAULT_MAX_PIXELS);
  try {
    const { width, height } = decoded;
    const raster = decoded.pixels(largestSide);
    return await runYielding(toContent(raster, normalize, 1, { width, height }, largestSide), signal);
  } finally {
    decoded.close();
  }
}

function isPixelImage(image: BrowserImage): image is PixelImage {
  return 'data' in image && 'width' in image && 'height' in image && isBytes(image.data);
}

function isBytes(data: unknown): boolean {
  return data instanceof Uint8Array || data instanceof Uint8ClampedArray;
}

/** @throws InkdigitError `not_an_image`, `too_many_pixels` */
function rasterOf({ width, height, data }: PixelImage): Raster {
  const pixels = width * height;
  const channels = ([1, 2, 3, 4] as const).find((count) => count * pixels === data.length);
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1 || !channels) {
    throw new InkdigitError(
      'not_an_image',
      `Expected 1 to 4 bytes for each of width x height pixels, got ${data.length} for ${width} x ${height}.`,
    );
  }
  if (pixels > DEFAULT_MAX_PIXELS) {
    const message = `Expected at most ${DEFAULT_MAX_PIXELS} pixels, got ${width} x ${height}. Make it smaller.`;
    throw new InkdigitError('too_many_pixels', message);
  }
  return { width, height, channels, data: bytesOf(data) };
}
