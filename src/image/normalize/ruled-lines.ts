import type { Work } from '../work.js';
import { labelComponents, type Component } from './components.js';
import { transpose, type Plane } from '../plane.js';
import { strokeWidth } from './stroke-width.js';
import { zeros } from './zeros.js';

/** Lengths as shares of the picture's width, for lines that go across; the other way its height. */
const SHARES = {
  /** What a line's ends are at most away from the picture's edges. */
  end: 0.04,
  /** Of a line that is seen beside the strokes that cross it. */
  seen: 0.5,
  /** Of the piece that a line is sought along. */
  longestPiece: 0.12,
  /** Of pieces that may be part of one. */
  piece: 0.02,
  /** How far a piece may lie from the line. */
  stray: 0.008,
  /** Thickness, of the side that lines are stacked along. */
  thickness: 0.025,
};
/** A line is at most so steep. */
const STEEPEST = 0.12;
/** Smaller pictures show no ruled lines that could be told from strokes. */
const SMALLEST_SIDE = 64;
/** One line alone is ruled only when it is thinner than the strokes by so much: it could be a digit's own bar. */
const SINGLE_LINE_WIDTH = 0.6;

/** Pieces that are compared with lines between two pauses: about a millisecond of work. */
const PIECES_A_TURN = 500_000;

/**
 * Takes lines away that go from edge to edge, as those of ruled and squared paper; where strokes cross them the strokes
 * stay whole.
 * @param threshold from which level on a pixel is ink
 * @param components those of the ink
 * @returns `ink` itself where there are no lines
 */
export function* withoutRuledLines(
  ink: Plane,
  threshold: number,
  components: readonly Component[],
): Work<Plane> {
  if (Math.min(ink.width, ink.height) < SMALLEST_SIDE) return ink;
  const across = components.map(({ left, right }) => ({ from: left, to: right }));
  const down = components.map(({ top, bottom }) => ({ from: top, to: bottom }));
  const afterRows = mayHoldLines(across, ink.width) ? yield* withoutLinesAcross(ink, threshold) : ink;
  if (!mayHoldLines(down, ink.height)) return afterRows;
  const turned = transpose(afterRows);
  const cleaned = yield* withoutLinesAcross(turned, threshold);
  return cleaned === turned ? afterRows : transpose(cleaned);
}

/** Whether any ink goes half across a picture of this length, and any reaches each of its edges. */
function mayHoldLines(
  inks: readonly { readonly from: number; readonly to: number }[],
  length: number,
): boolean {
  return (
    inks.some(({ from, to }) => to - from + 1 >= SHARES.seen * length) &&
    inks.some(({ from }) => isAtStart(from, length)) &&
    inks.some(({ to }) => isAtEnd(to, length))
  );
}

function isAtStart(pixel: number, length: number): boolean {
  return pixel <= SHARES.end * length;
}

function isAtEnd(pixel: number, length: number): boolean {
  return pixel >= length - 1 - SHARES.end * length;
}

function* withoutLinesAcross(ink: Plane, threshold: number): Work<Plane> {
  const pieces = yield* findPieces(ink, threshold);
  yield;
  const lines: Piece[][] = [];
  const left = new Pieces(pieces);
  let sincePause = 0;
  for (const seed of pieces.toSorted((a, b) => b.width - a.width)) {
    if (seed.width < SHARES.longestPiece * ink.width) break;
    if (left.hasTaken(seed)) continue;
    const line = left.onLine(seed, ink.width);
    if (goesAcross(line, ink.width)) {
      lines.push(line);
      left.take(line);
    }
    sincePause += pieces.length;
    if (sincePause >= PIECES_A_TURN) {
      sincePause = 0;
      yield;
    }
  }
  if (lines.length === 0) return ink;
  const cleaned = erase(ink, lines.flat());
  if (lines.length > 1) return cleaned;
  const thickness = lines[0]!.reduce((sum, { area }) => sum + area, 0) / widthOf(lines[0]!);
  const above = cleaned.data.map((level) => (level >= threshold ? 255 : 0));
  return thickness <= SINGLE_LINE_WIDTH * strokeWidth({ ...cleaned, data: above }) ? cleaned : ink;
}

/** A thin stretch of ink, and the sums that fit a line to its pixels. */
interface Piece {
  readonly index: number;
  readonly left: number;
  readonly right: number;
  readonly width: number;
  readonly area: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
  /** Its stretches of rows: `row, from, to`, one after the other. */
  readonly runs: number[];
}

/** Stretches of ink that are thin from top to bottom, longer than high, and not too short. */
function* findPieces(ink: Plane, threshold: number): Work<readonly Piece[]> {
  const thickest = Math.max(2, Math.ceil(SHARES.thickness * ink.height));
  const { components, runs } = yield* labelComponents(thinInk(ink, threshold, thickest), 1);
  const pieces: Piece[] = [];
  const pieceOf = components.map(({ left, right, top, bottom, area }) => {
    const width = right - left + 1;
    const height = bottom - top + 1;
    const isPiece = width >= SHARES.piece * ink.width && height <= STEEPEST * width + thickest;
    if (!isPiece) return undefined;
    const piece = { index: pieces.length, left, right, width, area, x: 0, y: 0, xx: 0, xy: 0, runs: [] };
    pieces.push(piece);
    return piece;
  });
  runs.component.forEach((component, run) => {
    const piece = pieceOf[component];
    if (piece) addRun(piece, runs.row[run]!, runs.from[run]!, runs.to[run]!);
  });
  return pieces;
}

function addRun(piece: Piece, row: number, from: number, to: number): void {
  piece.runs.push(row, from, to);
  const count = to - from;
  const middle = (from + to - 1) / 2;
  piece.x += count * middle;
  piece.y += count * row;
  piece.xx += count * (middle * middle + (count * count - 1) / 12);
  piece.xy += count * middle * row;
}

/** 1 where ink is at most `thickest` pixels high. */
function thinInk({ width, height, data }: Plane, threshold: number, thickest: number): Plane {
  const least = Math.ceil(threshold);
  const thin = zeros(Uint8Array, data.length);
  /** How many pixels of ink lie one above the other, up to the row before. */
  const inked = zeros(Int32Array, width);
  for (let y = 0, i = 0; y <= height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (y < height && data[i]! >= least) {
        inked[x]!++;
        continue;
      }
      const count = inked[x]!;
      if (count === 0) continue;
      inked[x] = 0;
      if (count > thickest) continue;
      for (let above = 1; above <= count; above++) thin[i - above * width] = 1;
    }
  }
  return { width, height, data: thin };
}

/** The pieces that are not yet part of a line. Their middles lie side by side, as each is looked at for every seed. */
class Pieces {
  readonly #pieces: readonly Piece[];
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #taken: Uint8Array;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
    this.#x = Float64Array.from(pieces, ({ x, area }) => x / area);
    this.#y = Float64Array.from(pieces, ({ y, area }) => y / area);
    this.#taken = new Uint8Array(pieces.length);
  }

  hasTaken({ index }: Piece): boolean {
    return this.#taken[index] === 1;
  }

  take(line: readonly Piece[]): void {
    for (const { index } of line) this.#taken[index] = 1;
  }

  /** Those along the line through `seed`, and along the line that those found first give. */
  onLine(seed: Piece, width: number): Piece[] {
    const stray = Math.max(1.5, SHARES.stray * width);
    let line = [seed];
    for (let round = 0; round < 2; round++) {
      const { slope, offset } = fitLine(line);
      if (Math.abs(slope) > STEEPEST) return [];
      line = this.#near(slope, offset, stray);
    }
    return line;
  }

  #near(slope: number, offset: number, stray: number): Piece[] {
    const x = this.#x;
    const y = this.#y;
    const near: Piece[] = [];
    for (let i = 0; i < x.length; i++) {
      if (Math.abs(y[i]! - offset - slope * x[i]!) <= stray && this.#taken[i] === 0)
        near.push(this.#pieces[i]!);
    }
    return near;
  }
}

/** `y = offset + slope x`, by least squares over all pixels. */
function fitLine(pieces: readonly Piece[]): { readonly slope: number; readonly offset: number } {
  let area = 0;
  let x = 0;
  let y = 0;
  let xx = 0;
  let xy = 0;
  for (const piece of pieces) {
    area += piece.area;
    x += piece.x;
    y += piece.y;
    xx += piece.xx;
    xy += piece.xy;
  }
  const slope = (xy - (x * y) / area) / Math.max(1e-9, xx - (x * x) / area);
  return { slope, offset: (y - slope * x) / area };
}

function goesAcross(line: readonly Piece[], width: number): boolean {
  return (
    line.some(({ left }) => isAtStart(left, width)) &&
    line.some(({ right }) => isAtEnd(right, width)) &&
    widthOf(line) >= SHARES.seen * width
  );
}

function widthOf(line: readonly Piece[]): number {
  return line.reduce((sum, { width }) => sum + width, 0);
}

function erase(ink: Plane, pieces: readonly Piece[]): Plane {
  const data = Uint8Array.from(ink.data);
  for (const { runs } of pieces) {
    for (let i = 0; i < runs.length; i += 3) {
      data.fill(0, runs[i]! * ink.width + runs[i + 1]!, runs[i]! * ink.width + runs[i + 2]!);
    }
  }
  return { ...ink, data };
}
