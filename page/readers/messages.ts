import type { PageAnswer, PageNumber } from '../answers.js';
import type { KnownNumber } from '../number/read-as.js';
import type { DrawnPixels, PageExplanation } from './page-reader.js';

/** What a reader in a worker is asked, by a number that its answer has too. */
export type ReaderQuestion =
  | {
      readonly kind: 'classify';
      readonly id: number;
      readonly image: Blob | DrawnPixels;
    }
  | {
      readonly kind: 'readNumber';
      readonly id: number;
      readonly image: Blob | DrawnPixels;
      readonly known: KnownNumber;
    }
  /** Why an image is taken for this digit, or for none (10). */
  | {
      readonly kind: 'explain';
      readonly id: number;
      /** What the network was shown, as the answer has it. */
      readonly frame: string;
      readonly answer: number;
    }
  /** The answer is not needed any more. */
  | { readonly kind: 'forget'; readonly id: number };

/** What it answers. */
export type ReaderAnswer =
  | { readonly kind: 'digit'; readonly id: number; readonly answer: PageAnswer }
  | { readonly kind: 'number'; readonly id: number; readonly answer: PageNumber }
  | { readonly kind: 'explained'; readonly id: number; readonly answer: PageExplanation }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly message: string };
