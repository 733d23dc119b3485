import type { MnistClient } from '../../client/exports.js';
import type { NormalizeMode } from '../../image/normalize-mode.js';
import { askPastBadImages, type Failure } from './bad-images.js';

/** What was read from one image, or in plain words why nothing was. */
export type Outcome = Answer | Failure;

/** What was read. */
export interface Answer {
  /** The likeliest digit. */
  readonly digit: number;
  readonly probability: number;
  /** Whether the image is taken for a digit at all. */
  readonly isDigit: boolean;
}

/** Reads one digit from each image file, in their order; a bad image does not hold up the others. */
export interface OutcomeReader {
  read(images: readonly Uint8Array[]): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

/**
 * Asks a server; a bad image does not hold up the others.
 * @throws MnistClientError (of `read`) when the server fails, images apart.
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
