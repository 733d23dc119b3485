import { MnistClientError } from '../../client/exports.js';

/** Why an image was not read, in plain words. */
export interface Failure {
  readonly error: string;
}

/**
 * Asks a server about images. The server refuses a whole request for one bad image: the others are then sent again.
 * @param ask gives one answer per image, in their order
 * @throws MnistClientError (of `ask`) when the server fails for another reason than images
 */
export async function askPastBadImages<T>(
  images: readonly Uint8Array[],
  ask: (images: readonly Uint8Array[]) => Promise<readonly (T | Failure)[]>,
): Promise<readonly (T | Failure)[]> {
  try {
    return await ask(images);
  } catch (thrown) {
    if (!(thrown instanceof MnistClientError) || thrown.items.length === 0) throw thrown;
    const refused = new Map(thrown.items.map(({ index, message }) => [index, message]));
    const others = images.filter((_, i) => !refused.has(i));
    if (others.length === images.length) throw thrown;
    return betweenErrors(
      images.map((_, i) => refused.get(i)),
      await askPastBadImages(others, ask),
    );
  }
}

/** Merges outcomes in order: `errors` at their indices, and `read`, one for each `undefined`, between them. */
export function betweenErrors<T>(
  errors: readonly (string | undefined)[],
  read: readonly (T | Failure)[],
): (T | Failure)[] {
  const rest = read.values();
  return errors.map((error) => {
    if (error !== undefined) return { error };
    const { done, value } = rest.next();
    if (done)
      throw new RangeError(`Expected an outcome for each image without an error, got ${read.length}.`);
    return value;
  });
}
