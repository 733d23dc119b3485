import type { Canvas } from '../draw-glyph.js';

/** What a mark is drawn with: the level of its ink, and how much of the paper it hides, 0..1. */
export interface Ink {
  readonly level: number;
  readonly opacity: number;
}

/** How much of a pixel a line covers whose edge is `inside` pixels away from its middle, outwards negative. */
function coverOf(inside: number): number {
  return inside <= -0.5 ? 0 : inside >= 0.5 ? 1 : inside + 0.5;
}

/** A thinner line than a pixel covers it by its width. */
function strengthOf(halfWidth: number): number {
  return Math.min(1, 2 * halfWidth);
}

function mix(levels: Float32Array, place: number, cover: number, { level, opacity }: Ink): void {
  levels[place]! += (level - levels[place]!) * cover * opacity;
}

/** A straight line from one point to another, with round ends; lengths in pixels. */
export function drawLine(
  { side, levels }: Canvas,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  halfWidth: number,
  ink: Ink,
): void {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squaredLength = dx * dx + dy * dy || 1;
  const reach = halfWidth + 1;
  const half = Math.max(halfWidth, 0.5);
  const strength = strengthOf(halfWidth);
  const fromX = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const toX = Math.min(side, Math.ceil(Math.max(x0, x1) + reach));
  const fromY = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const toY = Math.min(side, Math.ceil(Math.max(y0, y1) + reach));
  for (let y = fromY; y < toY; y++) {
    for (let x = fromX; x < toX; x++) {
      const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
      const along = Math.max(0, Math.min(1, (px * dx + py * dy) / squaredLength));
      const [ox, oy] = [px - along * dx, py - along * dy];
      const cover = coverOf(half - Math.sqrt(ox * ox + oy * oy));
      if (cover > 0) mix(levels, y * side + x, cover * strength, ink);
    }
  }
}

/** Lines of a pattern; lengths in pixels. */
export interface Rules {
  /** Radians of their direction, a point that one of them passes, and the way from one to the next. */
  readonly angle: number;
  readonly x: number;
  readonly y: number;
  readonly period: number;
  readonly halfWidth: number;
  /** How far they swing to both sides, and over what length; 0 for straight ones. */
  readonly swing: number;
  readonly swingLength: number;
}

/** Parallel lines all over the canvas. */
export function drawRules({ side, levels }: Canvas, rules: Rules, ink: Ink): void {
  const { angle, period, halfWidth, swing, swingLength } = rules;
  const [along, across] = [Math.cos(angle), Math.sin(angle)];
  const half = Math.max(halfWidth, 0.5);
  const strength = strengthOf(halfWidth);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [px, py] = [x + 0.5 - rules.x, y + 0.5 - rules.y];
      let far = py * along - px * across;
      if (swing > 0) far += swing * Math.sin((2 * Math.PI * (px * along + py * across)) / swingLength);
      const distance = Math.abs(far - period * Math.round(far / period));
      const cover = coverOf(half - distance);
      if (cover > 0) mix(levels, y * side + x, cover * strength, ink);
    }
  }
}

/** Dots on a square lattice all over the canvas. */
export function drawDots(
  { side, levels }: Canvas,
  { x: x0, y: y0, period, halfWidth, angle }: Rules,
  ink: Ink,
): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const strength = strengthOf(halfWidth);
  const half = Math.max(halfWidth, 0.5);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
      const u = px * cos + py * sin;
      const v = py * cos - px * sin;
      const du = u - period * Math.round(u / period);
      const dv = v - period * Math.round(v / period);
      const cover = coverOf(half - Math.sqrt(du * du + dv * dv));
      if (cover > 0) mix(levels, y * side + x, cover * strength, ink);
    }
  }
}

/** A ring around a point, wider than high by `aspect`, drawn by hand: its radius sways by `wobble` of itself. */
export function drawRing(
  { side, levels }: Canvas,
  ring: {
    readonly x: number;
    readonly y: number;
    readonly radius: number;
    readonly aspect: number;
    readonly wobble: number;
    readonly phase: number;
    readonly halfWidth: number;
    /** Of the corners: 2 a circle, more a rounded square. */
    readonly power: number;
  },
  ink: Ink,
): void {
  const { radius, aspect, wobble, phase, power } = ring;
  const strength = strengthOf(ring.halfWidth);
  const half = Math.max(ring.halfWidth, 0.5);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const px = (x + 0.5 - ring.x) / aspect;
      const py = y + 0.5 - ring.y;
      const far =
        power === 2
          ? Math.sqrt(px * px + py * py)
          : (Math.abs(px) ** power + Math.abs(py) ** power) ** (1 / power);
      if (Math.abs(far - radius) > half + 1 + wobble * radius) continue;
      const own = radius * (1 + wobble * Math.sin(2 * Math.atan2(py, px) + phase));
      const cover = coverOf(half - Math.abs(far - own));
      if (cover > 0) mix(levels, y * side + x, cover * strength, ink);
    }
  }
}

/** A filled disc with a soft edge. */
export function drawBlot(
  { side, levels }: Canvas,
  { x: x0, y: y0, radius, softness }: { x: number; y: number; radius: number; softness: number },
  ink: Ink,
): void {
  const reach = radius + softness;
  for (let y = Math.max(0, Math.floor(y0 - reach)); y < Math.min(side, Math.ceil(y0 + reach)); y++) {
    for (let x = Math.max(0, Math.floor(x0 - reach)); x < Math.min(side, Math.ceil(x0 + reach)); x++) {
      const far = Math.sqrt((x + 0.5 - x0) ** 2 + (y + 0.5 - y0) ** 2);
      const cover = Math.max(0, Math.min(1, 0.5 + (radius - far) / softness));
      if (cover > 0) mix(levels, y * side + x, cover, ink);
    }
  }
}

/** All beyond a straight line: a table beside a sheet, the next row of a table. `inkOf` gives the level of a pixel. */
export function drawBeyond(
  { side, levels }: Canvas,
  { x: x0, y: y0, angle, softness }: { x: number; y: number; angle: number; softness: number },
  levelAt: (place: number) => number,
): void {
  const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const beyond = (x + 0.5 - x0) * nx + (y + 0.5 - y0) * ny;
      const cover = Math.max(0, Math.min(1, 0.5 + beyond / softness));
      if (cover <= 0) continue;
      const place = y * side + x;
      levels[place]! += (levelAt(place) - levels[place]!) * cover;
    }
  }
}
