import type { NormalizeMode } from '../../image/normalize-mode.js';
import type { ImageContent } from '../../image/picture.js';
import type { ImageReading } from '../../model/digit-models.js';
import type { NumberQuestion } from '../../reading/number-in-content.js';
import type { RequestTrace } from '../tracing/request-trace.js';
import type { ImageFault } from './image-faults.js';

/** Turns an image file into what the models read; see `image/read-image.ts`. A small one mostly is, when it returns. */
export type ReadImage = (bytes: Uint8Array, options: ReadOptions) => ImageContent | Promise<ImageContent>;

export interface ReadOptions {
  /** Width x height of one picture, as its header announces it. */
  readonly maxPixels: number;
  readonly normalize: NormalizeMode;
  /** Pixels on the longer side of a picture at most, where it is not the usual number. */
  readonly largestSide?: number | undefined;
  /** Aborted once no client waits for the picture any more. */
  readonly signal: AbortSignal;
}

/** Gives one image of a request, an image file or what was decoded before; throws what is wrong with that one alone. */
export type ImageSource = () => Uint8Array | ImageContent;

/** What one request wants classified. */
export interface ClassifyJob {
  readonly uploads: readonly ImageSource[];
  readonly options: Omit<ReadOptions, 'signal'>;
  /** Whether the results are to have what the model got. */
  readonly withInputs?: boolean | undefined;
  /** Called with each image that cannot be read, which then does not refuse the others. */
  readonly onFault?: ((fault: ImageFault) => void) | undefined;
  /**
   * Called when the request is over, whatever ended it, and none of its images is being decoded any more: from then on
   * nothing
   * of it is held or worked on.
   */
  readonly onReleased?: (() => void) | undefined;
  /** How long the client waits, where that is less than any request may. */
  readonly timeoutMs?: number | undefined;
  /** Where its times are noted. */
  readonly trace?: RequestTrace | undefined;
}

/** What one request wants to have all digits of read. */
export interface NumberJob extends Pick<ClassifyJob, 'uploads' | 'onReleased' | 'timeoutMs' | 'trace'> {
  readonly options: Pick<ReadOptions, 'maxPixels'>;
  /** What is known of the numbers. */
  readonly question: NumberQuestion;
}

/** A request that was admitted. @typeParam R what comes of each image */
export interface AdmittedJob<R = ImageReading> {
  /**
   * One result an image, in their order; none for those that `onFault` was called with.
   * @throws InkdigitError `deadline_exceeded`; `client_gone`; one that names every image which cannot be read
   */
  readonly results: Promise<readonly R[]>;
  /** Which version of a store answered; undefined before one did, and where models are no version of a store. */
  readonly modelVersion: number | undefined;
  /** To be called when no client waits for the results any more. */
  cancel(): void;
}
