import { between, normal, wholeBetween, type Random } from '../random.js';
import { TILE_SIDE, type Banks } from './banks.js';
import * as camera from './camera.js';
import type { Canvas } from './draw-glyph.js';
import * as light from './light.js';
import { SCENE, type Range } from './ranges.js';

const { chance } = SCENE;

/** The size of a digit that ranges in pixels are told for. */
const USUAL_SIZE = 45;

function from(random: Random, [low, high]: Range): number {
  return between(random, low, high);
}

/**
 * Light falls on a scene, and a camera, a scanner or a program makes a picture of it: levels 0..1.
 * @param size of its digit, in pixels: no camera is so bad that nothing is left of it
 */
export function photograph(
  canvas: Canvas,
  { size, isClean }: { readonly size: number; readonly isClean: boolean },
  banks: Banks,
  scratch: Float32Array,
  random: Random,
): void {
  if (!isClean) {
    shine(canvas, random);
    if (random() < chance.blur) camera.blur(canvas, (size / USUAL_SIZE) * from(random, SCENE.blur), scratch);
    if (random() < chance.smear) {
      const angle = Math.PI * random();
      camera.smear(canvas, Math.cos(angle), Math.sin(angle), wholeBetween(random, 2, 6), scratch);
    }
  }
  if (random() < (isClean ? 0.6 : 1) * chance.coarse) {
    // Across the digit; of the canvas as many as that makes.
    const coarse = Math.round((canvas.side / size) * from(random, SCENE.coarse));
    if (coarse < canvas.side) camera.coarsen(canvas, coarse, random() < 0.85, scratch);
  }
  if (!isClean) {
    if (random() < chance.sharpened) sharpen(canvas, scratch, random);
    if (random() < chance.grain) addGrain(canvas, banks, random);
    if (random() < chance.jpeg) camera.roundFrequencies(canvas, from(random, SCENE.jpegStep) * random());
  }
  if (random() < chance.threshold) threshold(canvas, random);
  finish(canvas, random() < chance.inverted);
}

function shine(canvas: Canvas, random: Random): void {
  const { side } = canvas;
  if (random() < chance.unevenLight)
    light.shadeSmoothly(canvas, from(random, SCENE.light) * random(), random);
  const anywhere = (): number => side * between(random, -0.1, 1.1);
  if (random() < chance.shadow) {
    const softness = random() < 0.5 ? between(random, 0.7, 3) : side * between(random, 0.05, 0.6);
    const angle = 2 * Math.PI * random();
    light.castShadow(canvas, {
      x: anywhere(),
      y: anywhere(),
      angle,
      softness,
      light: from(random, SCENE.shadow),
    });
  }
  if (random() < chance.vignette) {
    const strength = between(random, 0.1, 0.7);
    light.vignette(canvas, {
      x: anywhere(),
      y: anywhere(),
      radius: side * between(random, 0.6, 1.4),
      strength,
    });
  }
  if (random() < chance.glare) {
    const strength = -between(random, 0.2, 0.8);
    light.vignette(canvas, {
      x: anywhere(),
      y: anywhere(),
      radius: side * between(random, 0.15, 0.5),
      strength,
    });
  }
}

function sharpen({ side, levels }: Canvas, scratch: Float32Array, random: Random): void {
  const strength = between(random, 0.3, 1.5);
  const sharp = Float32Array.from(levels);
  camera.blur({ side, levels }, 1.2, scratch);
  for (let i = 0; i < levels.length; i++) levels[i] = sharp[i]! + strength * (sharp[i]! - levels[i]!);
}

function addGrain(canvas: Canvas, banks: Banks, random: Random): void {
  const tiles = random() < 0.7 ? banks.grain : banks.textures;
  const tile = tiles[Math.floor(random() * tiles.length)]!;
  const strength = from(random, SCENE.grain) * random();
  const [x, y] = [wholeBetween(random, 0, TILE_SIDE - 1), wholeBetween(random, 0, TILE_SIDE - 1)];
  camera.addTile(canvas, tile, { x, y, strength });
}

/** Black and white alone, parted somewhere between the darkest and the lightest level. */
function threshold({ levels }: Canvas, random: Random): void {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < levels.length; i++) {
    if (levels[i]! < low) low = levels[i]!;
    if (levels[i]! > high) high = levels[i]!;
  }
  const at = low + (high - low) * Math.max(0.25, Math.min(0.75, 0.5 + 0.1 * normal(random)));
  for (let i = 0; i < levels.length; i++) levels[i] = levels[i]! > at ? 1 : 0;
}

/** Levels that a file can hold, turned into their opposite where asked. */
function finish({ levels }: Canvas, isInverted: boolean): void {
  for (let i = 0; i < levels.length; i++) {
    const level = (Math.max(0, Math.min(255, 255 * levels[i]! + 0.5)) | 0) / 255;
    levels[i] = isInverted ? 1 - level : level;
  }
}
