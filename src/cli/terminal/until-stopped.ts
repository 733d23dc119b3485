import { listenForShutdown } from '../../shutdown-signals.js';

/**
 * Runs `train` until it ends, or until a signal asks to stop: the first one lets the current batch end, the second
 * one ends the process.
 * @param onRequest called at the first signal
 * @param train logs its own start: signals are handled by then
 */
export async function untilStopped<T>(
  onRequest: () => void,
  train: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const shutdown = listenForShutdown();
  const stop = new AbortController();
  void shutdown.requested.then(() => {
    onRequest();
    stop.abort();
  });
  void shutdown.forced.then(() => process.exit(1));
  try {
    return await train(stop.signal);
  } finally {
    shutdown.ignore();
  }
}
