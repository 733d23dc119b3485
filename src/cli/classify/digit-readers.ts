import { MnistClientError, type MnistClient } from '../../client/exports.js';
import type { NormalizeMode } from '../../image/normalize-mode.js';

/** What was read from one image, or in plain words why nothing was. */
export type Outcome = Answer | { readonly error: string };

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
  read(images: readonly Uint8Array[]): Promise<Outcome[]>;
  close(): Promise<void>;
}

/**
 * Asks a server. A bad image refuses its whole request there: the others are then sent again without it.
 * @throws MnistClientError (of `read`) when the server fails, images apart.
 */
export function serverReader(client: MnistClient, normalize?: NormalizeMode): OutcomeReader {
  const read = async (images: readonly Uint8Array[]): Promise<Outcome[]> => {
    try {
      return (await client.classify(images, { detail: 'full', normalize })).map(answerOf);
    } catch (thrown) {
      if (!(thrown instanceof MnistClientError) || thrown.items.length === 0) throw thrown;
      const refused = new Map(thrown.items.map(({ index, message }) => [index, message]));
      const others = images.filter((_, i) => !refused.has(i));
      if (others.length === images.length) throw thrown;
      return betweenErrors(
        images.map((_, i) => refused.get(i)),
        await read(others),
      );
    }
  };
  return { read, close: async () => {} };
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

/** All outcomes in order: the errors at their places, `read` (one for each `undefined`) between them. */
export function betweenErrors(errors: readonly (string | undefined)[], read: readonly Outcome[]): Outcome[] {
  const rest = read.values();
  return errors.map((error) => {
    if (error !== undefined) return { error };
    const { done, value } = rest.next();
    if (done)
      throw new RangeError(`Expected an outcome for each image without an error, got ${read.length}.`);
    return value;
  });
}
