/** The codes of a deflate stream (RFC 1951, 3.2.1 and 3.2.2), to be looked up. */

/** Codes of more bits are not read: tables stay small, whatever a stream says. */
const MOST_CODE_BITS = 12;

/** Codes come with their first bit last: the bits of 0 … 2^12 - 1 in reverse. */
const REVERSED = Uint16Array.from({ length: 1 << MOST_CODE_BITS }, (_, code) => {
  let reversed = 0;
  for (let bit = 0; bit < MOST_CODE_BITS; bit++)
    reversed |= ((code >> bit) & 1) << (MOST_CODE_BITS - 1 - bit);
  return reversed;
});

/**
 * A code to look up: entry i is what the bits i begin with, as `symbol * 16 + bits of its code`; 0 where they begin no
 * code.
 */
export interface Code {
  readonly entries: Uint16Array;
  /** Bits that are looked up at once; 0 before it is made. */
  bits: number;
}

export function newCode(): Code {
  return { entries: new Uint16Array(1 << MOST_CODE_BITS), bits: 0 };
}

// Used again by every code: one is made at a time.
const counts = new Uint16Array(16);
const nextCode = new Uint16Array(16);

/**
 * Makes a code of the lengths `of[from … from + count - 1]` (RFC 1951, 3.2.2).
 * @returns whether it is whole: every row of bits begins with one of its codes, and none with two
 */
export function makeCode(code: Code, of: Uint8Array, from: number, count: number): boolean {
  counts.fill(0);
  for (let i = from; i < from + count; i++) counts[of[i]!]!++;
  let bits = counts.length - 1;
  while (bits > 0 && counts[bits] === 0) bits--;
  if (bits === 0 || bits > MOST_CODE_BITS) return false;
  let unused = 1;
  let first = 0;
  for (let length = 1; length <= bits; length++) {
    unused = 2 * unused - counts[length]!;
    if (unused < 0) return false;
    nextCode[length] = first;
    first = (first + counts[length]!) << 1;
  }
  if (unused > 0) return false;
  code.bits = bits;
  const { entries } = code;
  const size = 1 << bits;
  for (let symbol = 0; symbol < count; symbol++) {
    const length = of[from + symbol]!;
    if (length === 0) continue;
    const entry = (symbol << 4) | length;
    const step = 1 << length;
    for (let i = REVERSED[nextCode[length]!++]! >> (MOST_CODE_BITS - length); i < size; i += step)
      entries[i] = entry;
  }
  return true;
}

/** A code of no distance, or of one, which has one bit: all that need not be whole. */
export function makeSmallestCode(code: Code, of: Uint8Array, from: number, count: number): boolean {
  let only = -1;
  for (let i = 0; i < count; i++) {
    const length = of[from + i]!;
    if (length === 0) continue;
    if (length > 1 || only >= 0) return false;
    only = i;
  }
  code.bits = 1;
  code.entries[0] = only < 0 ? 0 : (only << 4) | 1;
  code.entries[1] = 0;
  return true;
}
