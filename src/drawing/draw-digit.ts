import { FRAME_SIDE } from '../image/frame.js';
import { glyphsOf, type Glyph, type Point, type Stroke } from './glyphs.js';
import type { Raster } from '../image/raster.js';

/** How a digit is written. Every length is in pixels of the picture; the defaults follow the picture's size. */
export interface DigitStyle {
  /** Pixels across and down. Default 28 x 28. */
  readonly width?: number;
  readonly height?: number;
  /** Which way to write the digit: 0, 1 … of its glyphs, counted round. Default 0. */
  readonly variant?: number;
  /** Side of the square that holds the ink. Default 20/28 of the shorter side, as in MNIST. */
  readonly digitSize?: number;
  /** Default 2.4/28 of the shorter side. */
  readonly penWidth?: number;
  /** Width of the soft edge of the pen. Default 1.4/28 of the shorter side, at least one pixel. */
  readonly softness?: number;
  /** Straight pieces between two points of the path. Default 12: no corner shows at a thousand pixels. */
  readonly piecesPerPoint?: number;
  /** Moves the centre of mass away from the centre of the picture. Default 0. */
  readonly shiftX?: number;
  readonly shiftY?: number;
  /** Degrees by which upright lines lean to the right. Default 0. */
  readonly slantDegrees?: number;
  /** Degrees clockwise. Default 0. */
  readonly rotationDegrees?: number;
  /** How far a point of the path strays, as a fraction of the digit's height; 0.02 is a calm hand. Default 0. */
  readonly jitter?: number;
  /** Uniform numbers in [0, 1) for the jitter. Default: always the middle, which makes no jitter. */
  readonly random?: () => number;
  /** Gray levels 0-255. Defaults 255 and 0: white ink on black. */
  readonly ink?: number;
  readonly background?: number;
}

/** Draws a handwritten digit 0-9. @returns a gray picture, 28 x 28 unless the style says otherwise. */
export function drawDigit(digit: number, style: DigitStyle = {}): Raster {
  const glyphs = glyphsOf(digit);
  return drawGlyph(glyphs[(style.variant ?? 0) % glyphs.length] ?? [], style);
}

/** Draws what the pen writes, of any size and place: it is scaled and moved as a digit is. */
export function drawGlyph(glyph: Glyph, style: DigitStyle = {}): Raster {
  const { width, height, unit, penWidth } = measuresOf(style);
  return drawPaths(glyphPaths(glyph, style), {
    width,
    height,
    penWidth,
    softness: style.softness ?? Math.max(1, 1.4 * unit),
    ink: style.ink ?? 255,
    background: style.background ?? 0,
  });
}

/** The paths that the middle of the pen takes when it writes a digit 0-9, in pixels of the picture. */
export function digitPaths(digit: number, style: DigitStyle = {}): readonly Stroke[] {
  const glyphs = glyphsOf(digit);
  return glyphPaths(glyphs[(style.variant ?? 0) % glyphs.length] ?? [], style);
}

/** The paths of the pen for any glyph, in pixels of the picture. */
export function glyphPaths(glyph: Glyph, style: DigitStyle): readonly Stroke[] {
  const { width, height, unit, penWidth } = measuresOf(style);
  const { piecesPerPoint = 12 } = style;
  const written = glyph.map((stroke) =>
    smooth(shake(stroke, style), piecesPerPoint).map((point) => lean(point, style)),
  );
  return place(written, {
    size: Math.max((style.digitSize ?? 20 * unit) - penWidth, 0),
    centreX: width / 2 + (style.shiftX ?? 0),
    centreY: height / 2 + (style.shiftY ?? 0),
  });
}

function measuresOf(style: DigitStyle): Record<'width' | 'height' | 'unit' | 'penWidth', number> {
  const width = style.width ?? FRAME_SIDE;
  const height = style.height ?? FRAME_SIDE;
  const unit = Math.min(width, height) / FRAME_SIDE;
  return { width, height, unit, penWidth: style.penWidth ?? 2.4 * unit };
}

/** What `drawPaths` needs to know; lengths in pixels. */
export interface Pen {
  readonly width: number;
  readonly height: number;
  readonly penWidth: number;
  readonly softness: number;
  readonly ink: number;
  readonly background: number;
}

/**
 * Draws polylines, in pixels (the centre of the first pixel is at 0.5, 0.5), with a round pen. The ink of a pixel
 * falls from full to none across `softness` around the pen's edge, by the distance to the nearest piece of a path.
 */
export function drawPaths(paths: readonly Stroke[], pen: Pen): Raster {
  const coverage = new Float32Array(pen.width * pen.height);
  for (const path of paths) {
    path.forEach((to, i) => cover(coverage, path[Math.max(i - 1, 0)] ?? to, to, pen));
  }
  const data = Uint8Array.from(coverage, (covered) =>
    Math.round(pen.background + (pen.ink - pen.background) * covered),
  );
  return { width: pen.width, height: pen.height, channels: 1, data };
}

function cover(coverage: Float32Array, from: Point, to: Point, pen: Pen): void {
  const [x0, y0] = from;
  const dx = to[0] - x0;
  const dy = to[1] - y0;
  const squaredLength = dx * dx + dy * dy;
  const reach = (pen.penWidth + pen.softness) / 2;
  const left = Math.max(0, Math.floor(Math.min(x0, to[0]) - reach));
  const right = Math.min(pen.width - 1, Math.ceil(Math.max(x0, to[0]) + reach));
  const top = Math.max(0, Math.floor(Math.min(y0, to[1]) - reach));
  const bottom = Math.min(pen.height - 1, Math.ceil(Math.max(y0, to[1]) + reach));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const x = column + 0.5 - x0;
      const y = row + 0.5 - y0;
      const along = squaredLength === 0 ? 0 : Math.min(1, Math.max(0, (x * dx + y * dy) / squaredLength));
      const beside = x - along * dx;
      const below = y - along * dy;
      // Several times as fast as Math.hypot, which guards against lengths that no picture has.
      const distance = Math.sqrt(beside * beside + below * below);
      const covered = Math.min(1, (reach - distance) / pen.softness);
      const pixel = row * pen.width + column;
      if (covered > coverage[pixel]!) coverage[pixel] = covered;
    }
  }
}

/** An unsteady hand: moves every point a little; both halves of a corner together. */
function shake(stroke: Stroke, { jitter = 0, random = () => 0.5 }: DigitStyle): Stroke {
  const stray = (): number => (random() + random() - 1) * jitter;
  const shaken: Point[] = [];
  stroke.forEach((point, i) => {
    const previous = shaken[i - 1];
    const corner = previous !== undefined && samePoint(point, stroke[i - 1]);
    shaken.push(corner ? previous : [point[0] + stray(), point[1] + stray()]);
  });
  return shaken;
}

function samePoint(a: Point, b: Point | undefined): boolean {
  return b !== undefined && a[0] === b[0] && a[1] === b[1];
}

/** The Catmull-Rom spline through the points: https://en.wikipedia.org/wiki/Catmull-Rom_spline (uniform). */
function smooth(stroke: Stroke, pieces: number): Stroke {
  const first = stroke[0];
  if (first === undefined) return stroke;
  const path: Point[] = [first];
  for (let i = 0; i + 1 < stroke.length; i++) {
    const from = stroke[i]!;
    const to = stroke[i + 1]!;
    if (samePoint(from, to)) continue;
    const before = stroke[i - 1] ?? from;
    const after = stroke[i + 2] ?? to;
    for (let piece = 1; piece <= pieces; piece++) {
      const t = piece / pieces;
      path.push([
        catmullRom(before[0], from[0], to[0], after[0], t),
        catmullRom(before[1], from[1], to[1], after[1], t),
      ]);
    }
  }
  return path;
}

function catmullRom(before: number, from: number, to: number, after: number, t: number): number {
  const linear = to - before;
  const quadratic = 2 * before - 5 * from + 4 * to - after;
  const cubic = 3 * (from - to) + after - before;
  return from + 0.5 * t * (linear + t * (quadratic + t * cubic));
}

function lean([x, y]: Point, { slantDegrees = 0, rotationDegrees = 0 }: DigitStyle): Point {
  const leant = x - y * Math.tan((slantDegrees * Math.PI) / 180);
  const angle = (rotationDegrees * Math.PI) / 180;
  return [leant * Math.cos(angle) - y * Math.sin(angle), leant * Math.sin(angle) + y * Math.cos(angle)];
}

/** Scales the paths so that their longer side is `size`, and puts the centre of their ink at the given centre. */
function place(
  paths: readonly Stroke[],
  target: { readonly size: number; readonly centreX: number; readonly centreY: number },
): readonly Stroke[] {
  const points = paths.flat();
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const extent = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  const scale = target.size / extent;
  const [massX, massY] = centreOfMass(paths);
  return paths.map((path) =>
    path.map(([x, y]) => [target.centreX + (x - massX) * scale, target.centreY + (y - massY) * scale]),
  );
}

/** Of a line of even thickness: every piece weighs as much as it is long. */
function centreOfMass(paths: readonly Stroke[]): Point {
  let mass = 0;
  let momentX = 0;
  let momentY = 0;
  for (const path of paths) {
    for (let i = 0; i + 1 < path.length; i++) {
      const [x0, y0] = path[i]!;
      const [x1, y1] = path[i + 1]!;
      const length = Math.hypot(x1 - x0, y1 - y0);
      mass += length;
      momentX += (length * (x0 + x1)) / 2;
      momentY += (length * (y0 + y1)) / 2;
    }
  }
  return [momentX / mass, momentY / mass];
}
