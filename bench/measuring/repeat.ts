import { setTimeout as delay } from 'node:timers/promises';

/**
 * Does something again and again, one after the other, with a pause after each. @returns what ends it, after the last
 * one
 */
export function repeat(pauseMs: number, act: () => Promise<void>): () => Promise<void> {
  const state = { isOver: false };
  const acting = (async () => {
    while (!state.isOver) {
      await act();
      await delay(pauseMs);
    }
  })();
  return () => {
    state.isOver = true;
    return acting;
  };
}
