/**
 * Unpacks tiny zlib streams (RFC 1950, RFC 1951) where they lie. A call of Node's own zlib takes longer than all of a
 * small picture.
 */

import { makeCode, makeSmallestCode, newCode, type Code } from './prefix-code.js';

/** A distance within what is unpacked here has fewer extra bits. */
const MOST_DISTANCE_EXTRA = 11;
/** Programs write a tiny stream as one block; each more makes work of a few bytes. */
const MOST_BLOCKS = 4;

const LITERALS = 288;
const DISTANCES = 32;
const END_OF_BLOCK = 256;

/** RFC 1951, 3.2.5: lengths of the codes 257 and up. */
const LENGTH_BASE = Uint16Array.from([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
]);
const LENGTH_EXTRA = Uint8Array.from([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const DISTANCE_BASE = Uint16Array.from([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
]);
const DISTANCE_EXTRA = Uint8Array.from([
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]);
/** In which order the lengths of the codes of lengths come. */
const LENGTH_ORDER = Uint8Array.of(16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15);

/**
 * Where a stream is read: `held` bits of it, those that come first lowest, are in `hold`. Never more than 31, so that
 * `hold` stays a small whole number to V8: of 32 it would be kept as a float.
 */
interface Position {
  readonly bytes: Uint8Array;
  /** Of the next byte. */
  at: number;
  hold: number;
  held: number;
}

// Used again by every stream: one is unpacked at a time.
const literals = newCode();
const distances = newCode();
const lengthsCode = newCode();
const lengths = new Uint8Array(LITERALS + DISTANCES);
const ordered = new Uint8Array(LENGTH_ORDER.length);

let fixed: { readonly literals: Code; readonly distances: Code } | undefined;

/**
 * Unpacks a zlib stream of which all is known but the content. Its checksum is not looked at: what holds the stream
 * has its own.
 * @param bytes has 16 bytes more at least behind `to`
 * @param from where the stream begins in `bytes`
 * @param to where it ends, its checksum included
 * @param output takes `length` bytes, 8 kB at most
 * @returns whether the stream is sound, ends there, and gave as many bytes; else what is in `output` is nothing
 */
export function inflate(
  bytes: Uint8Array,
  from: number,
  to: number,
  output: Uint8Array,
  length: number,
): boolean {
  const end = to - CHECKSUM_BYTES;
  if (end - from < 2) return false;
  const [method, flags] = [bytes[from]!, bytes[from + 1]!];
  const isZlib =
    (method & 15) === 8 && method >> 4 <= 7 && (flags & 32) === 0 && ((method << 8) | flags) % 31 === 0;
  if (!isZlib) return false;
  const position: Position = { bytes, at: from + 2, hold: 0, held: 0 };
  let written = 0;
  let isLast = false;
  for (let block = 0; !isLast; block++) {
    if (block === MOST_BLOCKS) return false;
    isLast = take(position, 1) === 1;
    const kind = take(position, 2);
    if (kind === 0) written = copyStored(position, end, output, written, length);
    else if (kind === 1) {
      fixed ??= makeFixed();
      written = readBlock(position, end, fixed.literals, fixed.distances, output, written, length);
    } else if (kind === 2 && readCodes(position)) {
      written = readBlock(position, end, literals, distances, output, written, length);
    } else return false;
    if (written < 0) return false;
  }
  return written === length && position.at - (position.held >> 3) === end;
}

/** Of zlib: Adler-32. */
const CHECKSUM_BYTES = 4;

/** @param count up to 16 bits */
function take(position: Position, count: number): number {
  while (position.held < count) {
    position.hold |= position.bytes[position.at++]! << position.held;
    position.held += 8;
  }
  const bits = position.hold & ((1 << count) - 1);
  position.hold >>= count;
  position.held -= count;
  return bits;
}

/** @returns how many bytes are written then; -1 where the block is not sound */
function copyStored(
  position: Position,
  end: number,
  output: Uint8Array,
  written: number,
  length: number,
): number {
  const { bytes } = position;
  const head = position.at - (position.held >> 3);
  const size = bytes[head]! | (bytes[head + 1]! << 8);
  const complement = bytes[head + 2]! | (bytes[head + 3]! << 8);
  const start = head + 4;
  if ((size ^ complement) !== 0xffff || start + size > end || written + size > length) return -1;
  for (let i = 0; i < size; i++) output[written + i] = bytes[start + i]!;
  position.at = start + size;
  position.hold = 0;
  position.held = 0;
  return written + size;
}

/** Reads the codes of a block into `literals` and `distances`. @returns whether they are sound */
function readCodes(position: Position): boolean {
  const literalCount = take(position, 5) + 257;
  const distanceCount = take(position, 5) + 1;
  const orderedCount = take(position, 4) + 4;
  if (literalCount > 286 || distanceCount > 30) return false;
  ordered.fill(0);
  for (let i = 0; i < orderedCount; i++) ordered[LENGTH_ORDER[i]!] = take(position, 3);
  if (!makeCode(lengthsCode, ordered, 0, ordered.length)) return false;
  const total = literalCount + distanceCount;
  for (let i = 0; i < total;) {
    const symbol = takeSymbol(position, lengthsCode);
    if (symbol < 0) return false;
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    if (symbol === 16 && i === 0) return false;
    const value = symbol === 16 ? lengths[i - 1]! : 0;
    const times =
      symbol === 16 ? 3 + take(position, 2) : symbol === 17 ? 3 + take(position, 3) : 11 + take(position, 7);
    if (i + times > total) return false;
    for (const stop = i + times; i < stop;) lengths[i++] = value;
  }
  return (
    lengths[END_OF_BLOCK] !== 0 &&
    makeCode(literals, lengths, 0, literalCount) &&
    (makeCode(distances, lengths, literalCount, distanceCount) ||
      makeSmallestCode(distances, lengths, literalCount, distanceCount))
  );
}

/** @returns -1 where no code begins so */
function takeSymbol(position: Position, { entries, bits }: Code): number {
  while (position.held < bits) {
    position.hold |= position.bytes[position.at++]! << position.held;
    position.held += 8;
  }
  const entry = entries[position.hold & ((1 << bits) - 1)]!;
  position.hold >>= entry & 15;
  position.held -= entry & 15;
  return entry === 0 ? -1 : entry >> 4;
}

/** RFC 1951, 3.2.6 */
function makeFixed(): { literals: Code; distances: Code } {
  const made = { literals: newCode(), distances: newCode() };
  const ofLiterals = Uint8Array.from({ length: LITERALS }, (_, i) =>
    i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8,
  );
  makeCode(made.literals, ofLiterals, 0, LITERALS);
  makeCode(made.distances, new Uint8Array(DISTANCES).fill(5), 0, DISTANCES);
  return made;
}

/** @returns how many bytes are written then; -1 where the block is not sound */
function readBlock(
  position: Position,
  end: number,
  { entries: literalEntries, bits: literalBits }: Code,
  { entries: distanceEntries, bits: distanceBits }: Code,
  output: Uint8Array,
  written: number,
  length: number,
): number {
  const { bytes } = position;
  let { at, hold, held } = position;
  const literalMask = (1 << literalBits) - 1;
  const distanceMask = (1 << distanceBits) - 1;
  for (;;) {
    // As many as a symbol and its extra bits take; a few bytes behind the end are read, and none of them is used.
    while (held < 24) {
      hold |= bytes[at++]! << held;
      held += 8;
    }
    if (at > end + 4) return -1;
    const entry = literalEntries[hold & literalMask]!;
    hold >>= entry & 15;
    held -= entry & 15;
    const symbol = entry >> 4;
    if (symbol < END_OF_BLOCK) {
      if (written === length) return -1;
      output[written++] = symbol;
      continue;
    }
    if (symbol === END_OF_BLOCK) break;
    const lengthCode = symbol - END_OF_BLOCK - 1;
    if (lengthCode >= LENGTH_BASE.length) return -1;
    const lengthExtra = LENGTH_EXTRA[lengthCode]!;
    const copied = LENGTH_BASE[lengthCode]! + (hold & ((1 << lengthExtra) - 1));
    hold >>= lengthExtra;
    held -= lengthExtra;
    while (held < 24) {
      hold |= bytes[at++]! << held;
      held += 8;
    }
    const distanceEntry = distanceEntries[hold & distanceMask]!;
    const distanceCode = distanceEntry >> 4;
    if (distanceEntry === 0 || distanceCode >= DISTANCE_BASE.length) return -1;
    hold >>= distanceEntry & 15;
    held -= distanceEntry & 15;
    const distanceExtra = DISTANCE_EXTRA[distanceCode]!;
    if (distanceExtra > MOST_DISTANCE_EXTRA) return -1;
    const distance = DISTANCE_BASE[distanceCode]! + (hold & ((1 << distanceExtra) - 1));
    hold >>= distanceExtra;
    held -= distanceExtra;
    const stop = written + copied;
    if (distance > written || stop > length) return -1;
    // A call takes as long as some twenty bytes do here.
    if (copied > 16 && distance === 1) output.fill(output[written - 1]!, written, stop);
    else if (copied > 16 && distance >= copied)
      output.copyWithin(written, written - distance, stop - distance);
    else for (let i = written; i < stop; i++) output[i] = output[i - distance]!;
    written = stop;
  }
  position.at = at;
  position.hold = hold;
  position.held = held;
  return written;
}
