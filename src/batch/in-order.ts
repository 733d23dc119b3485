/**
 * Works on several things at once and gives the results in the order of the things. At most `window` things are begun
 * and not yet given; nothing more is taken from `things` until there is room.
 * @throws what `things` or `work` throws, once what was begun has ended; results before it are given first
 */
export async function* inOrder<T, R>(
  things: AsyncIterable<T>,
  window: number,
  work: (thing: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  const iterator = things[Symbol.asyncIterator]();
  let fault: { readonly reason: unknown } | undefined;
  let isOver = false;
  try {
    for (;;) {
      while (!isOver && begun.length < window) {
        try {
          const { done, value } = await iterator.next();
          if (done) isOver = true;
          else begun.push(handled(work(value)));
        } catch (reason) {
          fault = { reason };
          isOver = true;
        }
      }
      const first = begun.shift();
      if (!first) break;
      yield await first;
    }
    if (fault) throw fault.reason;
  } finally {
    await iterator.return?.();
    await Promise.allSettled(begun);
  }
}

/** The same promise, whose rejection is heard later. */
function handled<R>(promise: Promise<R>): Promise<R> {
  promise.catch(() => {});
  return promise;
}
