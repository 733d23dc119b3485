import { wholeBetween, type Random } from '../random.js';
import { pickTexture, TILE_SIDE, type Banks } from './banks.js';
import { addTile } from './camera.js';
import type { Canvas } from './draw-glyph.js';
import { pickHand, pickPrint, type Hand } from './hand.js';
import type { Ink } from './marks/marks.js';
import { SCENE, within } from './ranges.js';

/** Paper, and what is at hand to write on it. */
export interface Sheet {
  /** Whether it is a clean picture: of a drawing program, or a scan. */
  readonly isClean: boolean;
  /** How light the paper is: 1 is white. */
  readonly paper: number;
  readonly hand: Hand;
  readonly print: Ink;
}

/** Lays a texture over the paper. */
type Texture = (canvas: Canvas, banks: Banks, random: Random) => void;

export interface SheetSettings {
  /** The share of sheets that are clean. */
  readonly clean: number;
  /** Pixels along the digits that are to be written. */
  readonly size: number;
  readonly texture: Texture;
}

/** Pixels along the least digit that may be faint. */
const FAINT_SIZE = 20;

/** Fills the canvas with paper. The draws, and their order, are those that trainings have had. */
export function laySheet(
  canvas: Canvas,
  { clean, size, texture }: SheetSettings,
  banks: Banks,
  random: Random,
): Sheet {
  const isClean = random() < clean;
  const paper = random() < 0.2 ? 1 : 1 - (1 - within(random, SCENE.paper)) * random();
  canvas.levels.fill(paper);
  if (!isClean && random() < SCENE.chance.texture) texture(canvas, banks, random);
  const hand = pickHand(paper, isClean || size < FAINT_SIZE, banks, random);
  return { isClean, paper, hand, print: pickPrint(paper, random) };
}

/** One layer or two. */
export const layersOfTexture: Texture = (canvas, banks, random) => {
  const layers = wholeBetween(random, 1, 2);
  for (let layer = 0; layer < layers; layer++) {
    const tile = pickTexture(banks, random);
    const strength = pickStrength(random);
    addTile(canvas, tile, { ...pickShift(random), strength });
  }
};

/** One layer; its draws come in another order. */
export const layerOfTexture: Texture = (canvas, banks, random) => {
  const shift = pickShift(random);
  const strength = pickStrength(random);
  addTile(canvas, pickTexture(banks, random), { ...shift, strength });
};

function pickStrength(random: Random): number {
  return within(random, SCENE.texture) * random();
}

function pickShift(random: Random): { readonly x: number; readonly y: number } {
  const x = wholeBetween(random, 0, TILE_SIDE - 1);
  return { x, y: wholeBetween(random, 0, TILE_SIDE - 1) };
}
