import { MnistClientError } from './client-error.js';

/**
 * The error of one batch in terms of the whole call: its items counted from the call's first image.
 * @param from the place of the batch's first image.
 * @returns `undefined` when no image was at fault.
 */
export function refusalOfBatch(error: MnistClientError, from: number): MnistClientError | undefined {
  // What is too large alone, not only together with others, is a bad image.
  const items = isTooLarge(error) ? [{ index: 0, message: error.message }] : error.items;
  if (items.length === 0) return undefined;
  return new MnistClientError(error.code, error.message, {
    status: error.status,
    items: items.map(({ index, message }) => ({ index: index + from, message })),
    cause: error,
  });
}

/** Whether fewer images may pass. */
export function isTooLarge({ code }: MnistClientError): boolean {
  return code === 'too_many_images' || code === 'body_too_large';
}

/** One error for the batches of a call that were refused, the items in the images' order. */
export function mergeRefusals(
  first: MnistClientError,
  others: readonly MnistClientError[],
): MnistClientError {
  if (others.length === 0) return first;
  const items = [first, ...others].flatMap((error) => error.items).toSorted((a, b) => a.index - b.index);
  const code = others.every((error) => error.code === first.code) ? first.code : 'invalid_request';
  const message = `${items.length} images cannot be read, so none was answered.`;
  return new MnistClientError(code, message, { status: first.status, items, cause: first });
}
