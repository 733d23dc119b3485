import { DISTANCE_STEPS, type GlyphShapes } from './glyph-shapes.js';

/** A square picture that is being made: levels 0..1, rows from the top. */
export interface Canvas {
  readonly side: number;
  /** `[side, side]` */
  readonly levels: Float32Array;
}

/** How a glyph is written; lengths in pixels of the canvas unless said. */
export interface GlyphStyle {
  /** The middle of its box. */
  readonly x: number;
  readonly y: number;
  /** Pixels of the canvas a pixel of the glyph, along its own axes. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Radians clockwise, and how far upright lines lean for each pixel of height. */
  readonly rotation: number;
  readonly shear: number;
  /** Pixels of the glyph that strokes are made wider on each side. */
  readonly grow: number;
  /** Pixels of the glyph over which ink fades at its edge, at least. */
  readonly softness: number;
  /** Half the width of an outline, in pixels of the glyph; 0 for full strokes. */
  readonly outline: number;
  /** Pixels of the glyph between gaps or dots; 0 for neither. */
  readonly dashes: number;
  readonly dots: number;
  /** Smooth fields `[side, side]` that bend it, and by how many pixels of the glyph. */
  readonly bend: number;
  readonly bendX: Float32Array;
  readonly bendY: Float32Array;
  /** Level of the ink, how much of the paper it hides, and a tile that makes it uneven. */
  readonly ink: number;
  readonly opacity: number;
  readonly unevenness: number;
  readonly texture: Float32Array;
}

/** Where ink came to be, in pixels of the canvas: `left <= x < right`. Empty where `right <= left`. */
export interface InkBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Beyond this multiple of its deviation a field hardly bends. */
const BEND_DEVIATIONS = 2;

/** Where `slope * t + offset` lies within `±reach`. */
function crossing(slope: number, offset: number, reach: number): [low: number, high: number] {
  if (Math.abs(slope) < 1e-9) return Math.abs(offset) <= reach ? [-Infinity, Infinity] : [0, -1];
  const [a, b] = [(-reach - offset) / slope, (reach - offset) / slope];
  return a < b ? [a, b] : [b, a];
}

/** From how much cover on a pixel belongs to a glyph's box. */
const INKED = 0.35;

/**
 * Writes a glyph on a canvas.
 * @returns the box of its ink, also beyond the canvas
 */
export function drawGlyph(canvas: Canvas, shapes: GlyphShapes, glyph: number, style: GlyphStyle): InkBox {
  const { side, levels } = canvas;
  const { side: glyphSide, distances } = shapes;
  const { rotation, shear, scaleX, scaleY, grow, outline, dashes, dots, bend, bendX, bendY, texture } = style;
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  // From the glyph to the canvas: scale, lean, turn.
  const [a, b] = [cos * scaleX, cos * -shear * scaleY - sin * scaleY];
  const [c, d] = [sin * scaleX, sin * -shear * scaleY + cos * scaleY];
  const determinant = a * d - b * c;
  const [ia, ib, ic, id] = [d / determinant, -b / determinant, -c / determinant, a / determinant];
  const reach = glyphSide / 2;
  const softness = Math.max(style.softness, 1 / Math.sqrt(Math.abs(determinant)));
  // Half the sides of what may be inked, along the glyph's own axes.
  const room = Math.max(0, grow) + softness / 2 + BEND_DEVIATIONS * bend + 1;
  const reachU = Math.min(reach, shapes.halfWidths[glyph]! + room);
  const reachV = Math.min(reach, shapes.halfHeights[glyph]! + room);
  const reachX = Math.abs(a) * reachU + Math.abs(b) * reachV;
  const reachY = Math.abs(c) * reachU + Math.abs(d) * reachV;
  const [fromX, toX] = [Math.floor(style.x - reachX), Math.ceil(style.x + reachX)];
  const [fromY, toY] = [Math.floor(style.y - reachY), Math.ceil(style.y + reachY)];
  const first = glyph * glyphSide * glyphSide;
  // Within a pixel a distance changes by no more than its diagonal.
  const surelyOutside = -DISTANCE_STEPS * (grow + softness / 2 + 1.5);
  const last = glyphSide - 1.001;
  let [left, top, right, bottom] = [toX, toY, fromX, fromY];
  for (let y = fromY; y < toY; y++) {
    const isRow = y >= 0 && y < side;
    const dy = y + 0.5 - style.y;
    // The part of the row within the glyph's box.
    const [lowU, highU] = crossing(ia, ib * dy, reachU);
    const [lowV, highV] = crossing(ic, id * dy, reachV);
    const begin = Math.max(fromX, Math.ceil(style.x + Math.max(lowU, lowV) - 0.5));
    const end = Math.min(toX, Math.floor(style.x + Math.min(highU, highV) - 0.5) + 1);
    for (let x = begin; x < end; x++) {
      const dx = x + 0.5 - style.x;
      let u = ia * dx + ib * dy + reach - 0.5;
      let v = ic * dx + id * dy + reach - 0.5;
      if (u < 0 || v < 0 || u > last || v > last) continue;
      if (bend > 0) {
        const at = (v | 0) * glyphSide + (u | 0);
        u += bend * bendX[at]!;
        v += bend * bendY[at]!;
        if (u < 0 || v < 0 || u > last || v > last) continue;
      }
      const [u0, v0] = [u | 0, v | 0];
      const [fu, fv] = [u - u0, v - v0];
      const at = first + v0 * glyphSide + u0;
      if (distances[at]! < surelyOutside) continue;
      const upper = distances[at]! + fu * (distances[at + 1]! - distances[at]!);
      const lower =
        distances[at + glyphSide]! + fu * (distances[at + glyphSide + 1]! - distances[at + glyphSide]!);
      let distance = (upper + fv * (lower - upper)) / DISTANCE_STEPS + grow;
      if (outline > 0) distance = outline - Math.abs(distance - outline);
      let cover = 0.5 + distance / softness;
      if (cover <= 0) continue;
      if (cover > 1) cover = 1;
      if (dashes > 0 && (((u / dashes) | 0) + ((v / dashes) | 0)) % 2 === 1) cover *= 0.04;
      if (dots > 0) {
        const du = u / dots - ((u / dots) | 0) - 0.5;
        const dv = v / dots - ((v / dots) | 0) - 0.5;
        if (du * du + dv * dv > 0.14) continue;
      }
      if (cover > INKED) {
        if (x < left) left = x;
        if (x >= right) right = x + 1;
        if (y < top) top = y;
        if (y >= bottom) bottom = y + 1;
      }
      if (!isRow || x < 0 || x >= side) continue;
      const place = y * side + x;
      const hidden =
        cover * style.opacity * (1 - style.unevenness * Math.max(-1, texture[(y & 127) * 128 + (x & 127)]!));
      levels[place]! += (style.ink - levels[place]!) * Math.max(0, Math.min(1, hidden));
    }
  }
  return { left, top, right, bottom };
}
