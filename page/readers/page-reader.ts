import type { PageAnswer, PageNumber } from '../answers.js';
import type { KnownNumber } from '../number/read-as.js';

/** Who reads: the browser itself, or the service that the page is from. */
export type ReadBy = 'device' | 'service';

/** The pixels of a drawing, as a canvas gives them. */
export interface DrawnPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** A picture to be read: an image file, or a drawing as its pixels. */
export interface PagePicture {
  readonly pixels: DrawnPixels | null;
  /** The same as a file; of a drawing it is made when it is asked for. */
  readonly file: () => Promise<Blob>;
}

/** Why a picture was read as it was. */
export interface PageExplanation {
  /** Of what the network was shown, in pixels. */
  readonly side: number;
  /** `[side, side]`, -1..1: how much the ink there speaks for the answer, or against it. */
  readonly heat: Float32Array;
  /** Some maps of each layer, `[side, side]` each, 0..255. */
  readonly layers: readonly {
    readonly channels: number;
    readonly side: number;
    readonly maps: readonly Uint8Array[];
  }[];
}

/** What reads the pictures of the page. */
export interface PageReader {
  readonly readBy: ReadBy;
  /** The picture as one digit. @throws MnistClientError or DeviceReadError; the reason of the signal */
  classify(picture: PagePicture, signal: AbortSignal): Promise<PageAnswer>;
  /** Why it answered so; only a device tells. @throws as `classify` */
  readonly explain?: (answer: PageAnswer, signal: AbortSignal) => Promise<PageExplanation | null>;
  /** The picture as a number. @throws as `classify` */
  readNumber(picture: PagePicture, known: KnownNumber, signal: AbortSignal): Promise<PageNumber>;
}

/** Why this device did not read a picture. */
export class DeviceReadError extends Error {
  override readonly name = 'DeviceReadError';
  /** As an `InkdigitError` has it. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
