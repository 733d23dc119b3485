import type { ErrorCode } from '../../errors.js';
import type { Chunk } from '../plan/found-image.js';
import type { ChunkRows, ReadSettings } from './chunk-reader.js';
import type { FrameReadings } from './frame-rows.js';

/** What a process that reads is to do; sent once, when it has been loaded. */
export interface ReaderSettings extends ReadSettings {
  readonly modelPath: string;
}

export type ToReader =
  | { readonly kind: 'open'; readonly settings: ReaderSettings }
  | { readonly kind: 'read'; readonly id: number; readonly chunk: Chunk };

export type FromReader =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'ready' }
  /** It cannot be used. */
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }
  | { readonly kind: 'rows'; readonly id: number; readonly rows: ChunkRows | FrameReadings }
  /** `isOfImages`: one of the images may be at fault. */
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly isOfImages: boolean;
    };
