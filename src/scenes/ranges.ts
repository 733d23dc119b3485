import { between, type Random } from '../random.js';

/**
 * Everything that scenes vary by. A pair is a range, from which values are drawn evenly; a single number below 1 under
 * `chance` is how
 * often something is there. Lengths are shares of the height of the scene's digit (its longer side) unless said.
 */
export type Range = readonly [low: number, high: number];

/** A value of a range. */
export function within(random: Random, [low, high]: Range): number {
  return between(random, low, high);
}

export const SCENE = {
  chance: {
    /** Clean pictures, as of a drawing program: no texture, no light, no camera. */
    clean: 0.16,
    /** Black and white alone, as of a scan. */
    threshold: 0.07,
    inverted: 0.3,
    texture: 0.65,
    unevenLight: 0.6,
    shadow: 0.18,
    vignette: 0.1,
    glare: 0.05,
    blur: 0.6,
    smear: 0.06,
    coarse: 0.5,
    grain: 0.6,
    sharpened: 0.12,
    jpeg: 0.12,
    /** Rules, squares, dots, waves behind the digit. */
    rules: 0.2,
    squares: 0.13,
    dotted: 0.04,
    waves: 0.05,
    /** A cell around it, each of its sides by itself; a comb; a margin; a ring; a line below it. */
    cell: 0.22,
    cellSide: 0.65,
    comb: 0.05,
    margin: 0.05,
    ring: 0.1,
    underline: 0.06,
    blot: 0.06,
    /** A line that the sheet ends at, or the next field begins. */
    edge: 0.1,
    /** Another character beside it, above or below it, and small ones around. */
    beside: 0.42,
    /** Of those beside it, one that reaches over it. */
    overlapping: 0.1,
    above: 0.14,
    label: 0.1,
    /** Hollow, dashed, dotted strokes; pencil. */
    hollow: 0.05,
    /** Pressed into the paper: a light edge and a dark one. */
    embossed: 0.025,
    dashes: 0.025,
    dots: 0.03,
    uneven: 0.35,
    bent: 0.75,
    strongTurn: 0.1,
    /** Stretched to fill a box, as cropped files of old data sets are. */
    stretched: 0.12,
    faint: 0.14,
  },
  paper: [0.35, 1] as Range,
  contrast: [0.4, 1] as Range,
  faintContrast: [0.1, 0.4] as Range,
  /** Deviations, in levels of 0..1. */
  texture: [0.003, 0.065] as Range,
  grain: [0.004, 0.07] as Range,
  light: [0.03, 0.35] as Range,
  shadow: [0.35, 0.85] as Range,
  /** Pixels, of a digit of 45. */
  blur: [0.35, 1.8] as Range,
  /** Pixels along a digit in coarse pictures. */
  coarse: [9, 36] as Range,
  jpegStep: [0.01, 0.09] as Range,
  /** Radians; deviations of normal distributions where a single number. */
  turn: 0.1,
  strongTurn: 0.26,
  shear: 0.17,
  /** The natural logarithm of width by height, over that of the glyph. */
  aspect: 0.15,
  /** Width by height of the box that a digit is stretched to. */
  stretchedAspect: [0.55, 1.3] as Range,
  /** Pixels of a glyph of 40. */
  bend: [0.2, 1.6] as Range,
  strokeRadius: [0.6, 4.3] as Range,
  softness: [0.6, 2.6] as Range,
  /** How far light and dark edges of pressed strokes are apart, of a glyph of 40. */
  relief: [0.6, 2] as Range,
  gap: [-0.03, 0.35] as Range,
  overlap: [-0.16, 0] as Range,
  farGap: [0.25, 0.7] as Range,
} as const;
