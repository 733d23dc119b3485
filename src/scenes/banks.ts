import { normal, type Random } from '../random.js';

/** Pixels along a tile of a bank; a power of two, so that a place is wrapped by a mask. */
export const TILE_SIDE = 128;

/** Patterns that are made once and picked at random, as making them is the slow part of a scene. */
export interface Banks {
  /** Tiles `[TILE_SIDE, TILE_SIDE]` of mean 0 and deviation 1: grain of one pixel. */
  readonly grain: readonly Float32Array[];
  /** Coarser ones: paper, fibres, blotches, clouds. */
  readonly textures: readonly Float32Array[];
  /** Smooth fields `[side, side]` of deviation 1, to bend glyphs with. */
  readonly fields: readonly Float32Array[];
}

/** Any of the textures. */
export function pickTexture({ textures }: Banks, random: Random): Float32Array {
  const [first, ...others] = textures;
  return (
    others[Math.floor(random() * textures.length) - 1] ?? first ?? new Float32Array(TILE_SIDE * TILE_SIDE)
  );
}

const GRAIN_TILES = 6;
const TEXTURES_PER_KIND = 4;
const FIELDS = 96;

/** Widths of the blur of each kind of texture, along x and y, in pixels. */
const TEXTURE_KINDS: readonly (readonly [x: number, y: number])[] = [
  [0.7, 0.7],
  [1.2, 1.2],
  [2.5, 2.5],
  [6, 6],
  [14, 14],
  [5, 0.8],
  [0.8, 5],
];

/** @param fieldSide pixels along a glyph */
export function createBanks(random: Random, fieldSide: number): Banks {
  const noise = (side: number): Float32Array =>
    Float32Array.from({ length: side * side }, () => normal(random));
  const field = (): Float32Array => {
    const width = fieldSide * (random() < 0.5 ? 0.1 : 0.2);
    return standardized(blurred(noise(fieldSide), fieldSide, width, width));
  };
  return {
    grain: Array.from({ length: GRAIN_TILES }, () => noise(TILE_SIDE)),
    textures: TEXTURE_KINDS.flatMap(([x, y]) =>
      Array.from({ length: TEXTURES_PER_KIND }, () =>
        standardized(blurred(noise(TILE_SIDE), TILE_SIDE, x, y)),
      ),
    ),
    fields: Array.from({ length: FIELDS }, field),
  };
}

/** A wrapping Gaussian blur. */
function blurred(tile: Float32Array, side: number, widthX: number, widthY: number): Float32Array {
  const along = (values: Float32Array, width: number, stride: number, across: number): Float32Array => {
    const reach = Math.min(side >> 1, Math.ceil(3 * width));
    const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, i) =>
      Math.exp(-0.5 * ((i - reach) / width) ** 2),
    );
    const out = new Float32Array(values.length);
    for (let line = 0; line < side; line++) {
      for (let at = 0; at < side; at++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++) {
          const from = (at + k + 2 * side) % side;
          sum += kernel[k + reach]! * values[line * across + from * stride]!;
        }
        out[line * across + at * stride] = sum;
      }
    }
    return out;
  };
  return along(along(tile, widthX, 1, side), widthY, side, 1);
}

function standardized(values: Float32Array): Float32Array {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) || 1;
  return values.map((value) => (value - mean) / deviation);
}
