import { RENDERINGS } from '../datasets/parse-pictures.js';

/** One writer in this number validates. */
const WRITERS_PER_VALIDATOR = 6;

/** Chosen so that every contributor of UNIPEN, the German and the Quebec ones as well, has writers on both sides. */
const SALT = 548;

/** Whether the writer of this name validates: by a hash (FNV-1a) of the name, so that it never changes. */
export function writerValidates(writer: string): boolean {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${writer} ${SALT}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return (hash >>> 0) % WRITERS_PER_VALIDATOR === 0;
}

/**
 * Semeion does not name its writers. Its file is six runs of the digits 0 to 9 that begin at rows 0, 199, 398, 597, 796
 * and 1195; digits at the same place of the first run and the second, the third and the fourth, the fifth and the
 * sixth are alike far beyond chance, those of other runs are not: each pair of runs is of the same 20, 20 and 40
 * people, once neat and once fast. The second pair validates.
 */
export function semeionValidates(row: number): boolean {
  return row >= 398 && row < 796;
}

/**
 * Optdigits does not name its writers either, nor shows where one ends. Both files are of the same 30; their last
 * sixths validate, in the hope that both are in the order of the writers: a writer may be on both sides.
 */
export function optdigitsValidates(row: number, count: number): boolean {
  return inLastSixth(row, count);
}

/** Pictures without a writer that are sorted by what they show: the last sixth of each kind validates. */
export function inLastSixth(place: number, count: number): boolean {
  return place >= count - Math.floor(count / WRITERS_PER_VALIDATOR);
}

/** Within an alphabet the same people drew all characters, in the same order. */
export function omniglotValidates(alphabet: number, picture: number): boolean {
  return writerValidates(`omniglot-${alphabet}-${picture % RENDERINGS}`);
}
