/** Uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A random stream of its own for every list of `keys` (whole numbers: a seed, an epoch, an image, …): what an image is
 * turned into does not depend on which thread does it, nor when. sfc32 by Chris Doty-Humphrey
 * (https://pracrand.sourceforge.net/RNG_engines.txt), its state mixed from the keys. Outside the tests streams are made
 * by name (`random-streams.ts`).
 */
export function createRandom(...keys: readonly number[]): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (const key of keys) {
    if (!Number.isSafeInteger(key)) {
      throw new RangeError(`Expected whole numbers as the keys of a random stream, got ${key}.`);
    }
    // The lower 32 bits go into a and b, those above them into c: no two keys leave the same state.
    a ^= Math.imul(key ^ (key >>> 16), 0x85ebca6b);
    b ^= Math.imul(key + counter, 0xc2b2ae35);
    c ^= Math.imul(Math.floor(key / 2 ** 32), 0x27d4eb2f);
    for (let i = 0; i < 8; i++) next();
  }
  return () => next() / 2 ** 32;
}

/** A number from `low` to `high`. */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

/** A whole number from `low` to `high`, both included. */
export function wholeBetween(random: Random, low: number, high: number): number {
  return low + Math.floor((high - low + 1) * random());
}

/** One of `choices`. */
export function pick<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(choices.length * random())] ?? choices[0];
}

/** A normally distributed number of mean 0 and deviation 1 (Box and Muller, 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The numbers 0 … order.length-1 in random order (Fisher and Yates), written into `order`. */
export function shuffle(order: Uint32Array, random: Random): void {
  for (let i = 0; i < order.length; i++) {
    const j = Math.floor(random() * (i + 1));
    order[i] = order[j]!;
    order[j] = i;
  }
}
