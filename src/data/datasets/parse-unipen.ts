import { messageOf } from '../../errors.js';
import { invalidFile } from './dataset.js';

/** A point on the path of a pen: x to the right, y downwards. */
export type PenPoint = readonly [x: number, y: number];

/** A digit as it was written with a pen tablet. */
export interface PenDigit {
  /** 0-9 */
  readonly label: number;
  /** Who wrote it: the contributor of the data and the writer's number, as `gmd-118`. */
  readonly writer: string;
  /** One path from each touch of the pen; each has a point at least. */
  readonly strokes: readonly (readonly PenPoint[])[];
}

const MAX_DIGITS = 100_000;
const MAX_POINTS = 20_000;

/**
 * Reads digits of UNIPEN, a JSON object a line: `label`, `contributor`, `writer` and `strokes_y_up`, whose y grows
 * upwards.
 * @throws InkdigitError `invalid_data` that names the line
 */
export function parseUnipen(bytes: Uint8Array, source: string): readonly PenDigit[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length > MAX_DIGITS) throw invalidFile(source, `has more than ${MAX_DIGITS} lines`);
  return lines.map((line, i) => parseLine(line, `${source}, line ${i + 1}`));
}

function parseLine(line: string, source: string): PenDigit {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw invalidFile(source, `expected a JSON object, got what cannot be read: ${messageOf(cause)}`, cause);
  }
  if (!isObject(value)) throw invalidFile(source, 'expected a JSON object');
  const { label, contributor, writer, strokes_y_up: strokes } = value;
  if (typeof label !== 'number' || !Number.isInteger(label) || label < 0 || label > 9) {
    throw invalidFile(source, `expected a label from 0 to 9, got ${JSON.stringify(label)}`);
  }
  if (typeof contributor !== 'string' || (typeof writer !== 'number' && typeof writer !== 'string')) {
    throw invalidFile(source, 'expected a contributor and a writer');
  }
  if (!isStrokes(strokes)) {
    throw invalidFile(
      source,
      `expected strokes of points [x, y], at least one and ${MAX_POINTS} points at most`,
    );
  }
  return {
    label,
    writer: `${contributor}-${writer}`,
    strokes: strokes.map((stroke) => stroke.map(([x, y]): PenPoint => [x, -y])),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isStrokes(value: unknown): value is readonly (readonly PenPoint[])[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  let points = 0;
  return value.every((stroke: unknown) => {
    if (!Array.isArray(stroke) || stroke.length === 0) return false;
    points += stroke.length;
    return points <= MAX_POINTS && stroke.every(isPoint);
  });
}

function isPoint(value: unknown): value is PenPoint {
  return Array.isArray(value) && value.length === 2 && value.every((part) => Number.isFinite(part));
}
