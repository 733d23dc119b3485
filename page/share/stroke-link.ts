import type { InkPoint, InkStroke } from '../ink.js';

/** Address fragments that are longer break in chats and mails. */
export const MAX_LINK_LENGTH = 4_000;

/** Nearer points than this are left out of a link, in units of the paper. */
const MIN_STEP = 3;

/** What a link may hold; anything beyond was not made by this page. */
const MAX_STROKES = 200;
const MAX_POINTS = 5_000;
const PLACES = { min: -280, max: 560 } as const;
const WIDTHS = { min: 1, max: 80 } as const;

/**
 * A drawing as text for the fragment of an address, which browsers never send: of each stroke its number of points, and
 * of each point how far it is from the one before and how much wider, in whole units of the paper.
 */
export function encodeStrokes(strokes: readonly InkStroke[]): string {
  const bytes: number[] = [];
  for (const stroke of strokes) {
    const points = thinned(stroke);
    writeUnsigned(bytes, points.length);
    let last = { x: 0, y: 0, width: 0 };
    for (const point of points) {
      const next = { x: Math.round(point.x), y: Math.round(point.y), width: Math.round(point.width) };
      writeSigned(bytes, next.x - last.x);
      writeSigned(bytes, next.y - last.y);
      writeSigned(bytes, next.width - last.width);
      last = next;
    }
  }
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** The strokes that `encodeStrokes` wrote; `null` for any other text. */
export function decodeStrokes(encoded: string): readonly InkStroke[] | null {
  if (encoded.length > 4 * MAX_LINK_LENGTH || !/^[\w-]+$/.test(encoded)) return null;
  let bytes: Uint8Array;
  try {
    const text = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
    bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
  return readStrokes(new VarintReader(bytes));
}

function readStrokes(reader: VarintReader): readonly InkStroke[] | null {
  const strokes: InkStroke[] = [];
  let left = MAX_POINTS;
  while (!reader.isAtEnd) {
    const length = reader.unsigned();
    left -= length;
    if (length === 0 || left < 0 || strokes.length === MAX_STROKES) return null;
    const stroke: InkPoint[] = [];
    let [x, y, width] = [0, 0, 0];
    for (let i = 0; i < length; i++) {
      x += reader.signed();
      y += reader.signed();
      width += reader.signed();
      if (!isWithin(x, PLACES) || !isWithin(y, PLACES) || !isWithin(width, WIDTHS)) return null;
      stroke.push({ x, y, width });
    }
    strokes.push(stroke);
  }
  return reader.isWhole && strokes.length > 0 ? strokes : null;
}

/** Ends and turns stay where they are to within a step. */
function thinned(stroke: InkStroke): InkStroke {
  const kept: InkPoint[] = [];
  stroke.forEach((point, i) => {
    const last = kept.at(-1);
    const isEnd = i === stroke.length - 1;
    if (!last || isEnd || Math.hypot(point.x - last.x, point.y - last.y) >= MIN_STEP) kept.push(point);
  });
  return kept;
}

/** Seven bits a byte, the lowest first; the eighth says that there is more. */
function writeUnsigned(bytes: number[], value: number): void {
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  bytes.push(rest);
}

/** Small numbers of either sign are small: 0, -1, 1, -2 … */
function writeSigned(bytes: number[], value: number): void {
  writeUnsigned(bytes, value < 0 ? -2 * value - 1 : 2 * value);
}

class VarintReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #isWhole = true;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Whether every number was there to its end. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  unsigned(): number {
    let value = 0;
    for (let shift = 0; shift <= 14; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
    this.#isWhole = false;
    return 0;
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }
}

function isWithin(value: number, { min, max }: { readonly min: number; readonly max: number }): boolean {
  return value >= min && value <= max;
}
