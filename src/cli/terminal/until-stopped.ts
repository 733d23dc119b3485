import { listenForShutdown } from '../../shutdown-signals.js';

/**
 * Trains until the end, or until someone wishes that it stop: the first wish lets the batch under way end, the second one ends the process.
 * @param onWish is told of the first wish
 * @param train says itself that it has begun: whoever reads that may wish at once, and is heard by then
 */
export async function untilStopped<T>(
  onWish: () => void,
  train: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const wish = listenForShutdown();
  const stop = new AbortController();
  void wish.requested.then(() => {
    onWish();
    stop.abort();
  });
  void wish.forced.then(() => process.exit(1));
  try {
    return await train(stop.signal);
  } finally {
    wish.ignore();
  }
}
