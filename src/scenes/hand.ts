import { between, normal, type Random } from '../random.js';
import { pickTexture, type Banks } from './banks.js';
import type { GlyphStyle } from './draw-glyph.js';
import type { GlyphShapes } from './glyph-shapes.js';
import type { Ink } from './marks/marks.js';
import { SCENE, within } from './ranges.js';

const { chance } = SCENE;

/** Pixels along the ink of a glyph, of the 48 of its mask. */
export const GLYPH_INK = 40;

/** What all characters of a scene have in common; lengths in pixels of a glyph. */
export interface Hand {
  readonly ink: number;
  readonly opacity: number;
  /** Half the width of strokes, unless glyphs keep their own. */
  readonly radius: number;
  readonly keepsOwnWidth: boolean;
  readonly softness: number;
  readonly unevenness: number;
  readonly texture: Float32Array;
  readonly outline: number;
  readonly dashes: number;
  readonly dots: number;
  readonly shear: number;
}

/** How a character is written, and by which hand. */
export type HandStyle = GlyphStyle & { readonly hand: Hand };

/** The pen of a scene, and what its ink is like. */
export function pickHand(paper: number, isPlain: boolean, banks: Banks, random: Random): Hand {
  const contrast =
    random() < chance.faint && !isPlain
      ? within(random, SCENE.faintContrast)
      : within(random, SCENE.contrast) ** (random() < 0.5 ? 0.5 : 1);
  return {
    ink: paper * (1 - contrast),
    opacity: between(random, 0.75, 1),
    radius: within(random, SCENE.strokeRadius),
    keepsOwnWidth: random() < 0.25,
    softness: within(random, SCENE.softness),
    unevenness: random() < chance.uneven ? between(random, 0.08, 0.45) : 0,
    texture: pickTexture(banks, random),
    outline: random() < chance.hollow ? between(random, 0.45, 0.9) : 0,
    dashes: random() < chance.dashes ? between(random, 4.5, 9) : 0,
    dots: random() < chance.dots ? between(random, 3, 5.5) : 0,
    shear: SCENE.shear * normal(random),
  };
}

/** Printed lines are often fainter than what is written, in a colour of their own. */
export function pickPrint(paper: number, random: Random): Ink {
  const isLight = random() < 0.06;
  const level = isLight ? Math.min(1, paper + between(random, 0.1, 0.5)) : paper * between(random, 0, 0.75);
  return { level, opacity: between(random, 0.25, 1) };
}

/** How one character of a hand is written. @param scale pixels of the canvas a pixel of the glyph */
export function pickStyle(
  hand: Hand,
  { x, y }: { x: number; y: number },
  scale: number,
  { fields }: Banks,
  random: Random,
): HandStyle {
  const aspect = SCENE.aspect * normal(random);
  const isBent = random() < chance.bent;
  const field = (): Float32Array => fields[Math.floor(random() * fields.length)]!;
  const turn = random() < chance.strongTurn ? SCENE.strongTurn : SCENE.turn;
  return {
    hand,
    x,
    y,
    scaleX: scale * Math.exp(aspect / 2),
    scaleY: scale * Math.exp(-aspect / 2),
    rotation: turn * normal(random),
    shear: hand.shear + 0.05 * normal(random),
    grow: 0,
    softness: hand.softness,
    outline: hand.outline,
    dashes: hand.dashes,
    dots: hand.dots,
    bend: isBent ? within(random, SCENE.bend) : 0,
    bendX: field(),
    bendY: field(),
    ink: hand.ink,
    opacity: hand.opacity,
    unevenness: hand.unevenness,
    texture: hand.texture,
  };
}

/**
 * Now and then a glyph as wide as the box that it was cropped to, its longer side as before.
 * @param isBoxed whether it surely is
 */
export function stretched<T extends GlyphStyle>(
  style: T,
  shapes: GlyphShapes | null,
  glyph: number,
  isBoxed: boolean,
  random: Random,
): T {
  if (!shapes || (random() >= chance.stretched && !isBoxed)) return style;
  const aspect = within(random, SCENE.stretchedAspect);
  const [width, height] = [2 * shapes.halfWidths[glyph]!, 2 * shapes.halfHeights[glyph]!];
  const scale = Math.max(style.scaleX, style.scaleY) * Math.max(width, height);
  const [tall, wide] = aspect < 1 ? [scale, scale * aspect] : [scale / aspect, scale];
  return { ...style, scaleX: wide / width, scaleY: tall / height, rotation: 0, shear: 0 };
}

/** How much of its width a stroke may lose, and how much it may grow, in pixels of a glyph: no loop closes. */
const MOST_THINNED = 0.7;
const MOST_GROWN = 1.9;

/** A style with the strokes of a glyph as wide as the hand's pen is. */
export function fitting(
  { hand, ...style }: HandStyle,
  shapes: GlyphShapes,
  glyph: number,
  random: Random,
): GlyphStyle {
  const own = shapes.radii[glyph]!;
  // Gaps, dots and outlines need room.
  const wanted = hand.dots > 0 ? 0.75 * hand.dots : hand.outline > 0 ? Math.max(3, own + 1) : hand.radius;
  const most = hand.dots > 0 || hand.outline > 0 ? 2.5 : MOST_GROWN;
  const grow = hand.keepsOwnWidth && hand.dots === 0 && hand.outline === 0 ? 0 : wanted - own;
  return { ...style, grow: Math.max(-MOST_THINNED * own, Math.min(most, grow + 0.15 * normal(random))) };
}
