/** A worker that lived at least this long was sound: its end is an accident and starts no back-off. */
const SOUND_LIFE_MS = 10_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 30_000;

/**
 * How many times in a row a worker's place has failed early, after a life of `livedMs`.
 * @param earlyDeaths The same number before this death.
 */
export function countEarlyDeaths(earlyDeaths: number, livedMs: number): number {
  return livedMs >= SOUND_LIFE_MS ? 0 : earlyDeaths + 1;
}

/** How long to wait before the next worker: none after a sound life, then doubling from 100 ms up to 30 s. */
export function respawnDelayMs(earlyDeaths: number): number {
  return earlyDeaths === 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (earlyDeaths - 1), LONGEST_DELAY_MS);
}
