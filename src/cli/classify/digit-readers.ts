import type { MnistClient } from '../../client/exports.js';
import type { NormalizeMode } from '../../image/normalize-mode.js';
import { askPastBadImages, type Failure } from './bad-images.js';

/** What was read from one image, or why nothing was, in plain words. */
export type Outcome = Answer | Failure;

export interface Answer {
  /** The most probable digit. */
  readonly digit: number;
  readonly probability: number;
  /** Whether the image is accepted as a digit. */
  readonly isDigit: boolean;
}

/** Reads one digit from each image file, in their order; a bad image does not affect the others. */
export interface OutcomeReader {
  read(images: readonly Uint8Array[]): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

/**
 * Asks a server; a bad image does not affect the others.
 * @throws MnistClientError (of `read`) when the server fails for another reason than images
 */
export function serverReader(client: MnistClient, normalize?: NormalizeMode): OutcomeReader {
  return {
    read: (images) =>
      askPastBadImages(images, async (some) =>
        (await client.classify(some, { detail: 'full', normalize })).map(answerOf),
      ),
    close: async () => {},
  };
}

/**
 * Reads in this process, without a server.
 * @throws InkdigitError `missing_file` or `invalid_model`
 */
export async function localReader(modelPath: string, normalize?: NormalizeMode): Promise<OutcomeReader> {
  const { openDigitReader } = await import('../../model/digit-reader.js');
  const reader = await openDigitReader(modelPath);
  return {
    async read(images) {
      const results = await reader.readAll(images, normalize && { normalize });
      return results.map((result) => (result.ok ? answerOf(result) : { error: result.error.message }));
    },
    close: () => reader.close(),
  };
}

function answerOf(reading: { class: number; probability: number; digit: boolean }): Answer {
  return { digit: reading.class, probability: reading.probability, isDigit: reading.digit };
}
