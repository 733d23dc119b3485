import { MnistClientError, type MnistClient } from '../client/index.js';
import { InkdigitError } from '../errors.js';
import type { Frame } from '../image/frame.js';

/** What was read from one image, or in plain words why nothing was. */
export type Outcome = { readonly digit: number; readonly probability: number } | { readonly error: string };

/** Reads one digit from each image file, in their order; a bad image does not hold up the others. */
export interface DigitReader {
  read(images: readonly Uint8Array[]): Promise<Outcome[]>;
  close(): Promise<void>;
}

/**
 * Asks a server. A bad image refuses its whole request there: the others are then sent again without it.
 * @throws MnistClientError (of `read`) when the server fails, images apart.
 */
export function serverReader(client: MnistClient): DigitReader {
  const read = async (images: readonly Uint8Array[]): Promise<Outcome[]> => {
    try {
      const answers = await client.classify(images);
      return answers.map(({ class: digit, probability }) => ({ digit, probability }));
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
export async function localReader(modelPath: string): Promise<DigitReader> {
  const { CLASS_COUNT, openModel } = await import('../model/classifier.js');
  const { argmaxRow } = await import('../model/softmax.js');
  const { packFrames } = await import('../image/frame.js');
  const { readFrame } = await import('../image/read-frame.js');
  const { classifier } = await openModel(modelPath);
  return {
    async read(images) {
      const frames: Frame[] = [];
      const errors: (string | undefined)[] = [];
      for (const image of images) {
        try {
          frames.push(await readFrame(image));
          errors.push(undefined);
        } catch (thrown) {
          if (!(thrown instanceof InkdigitError)) throw thrown;
          errors.push(thrown.message);
        }
      }
      const probabilities = await classifier.probabilities(packFrames(frames));
      const read = frames.map((_, row): Outcome => {
        const digit = argmaxRow(probabilities, row, CLASS_COUNT);
        return { digit, probability: probabilities[row * CLASS_COUNT + digit]! };
      });
      return betweenErrors(errors, read);
    },
    close: () => classifier.close(),
  };
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
