import { FRAME_PIXELS, FRAME_SIDE, type Frame } from '../../image/frame.js';
import { gaussianFilter, sobel } from './filters.js';
import { toPlane, type Plane } from './float-plane.js';

/** The defaults of `skimage.feature.canny`: blur in pixels, and strengths of an edge of which 1 is a pixel's step. */
const SIGMA = 1;
const WEAK = 0.1;
const STRONG = 0.2;

/**
 * `canny_edges`: only the outlines, a pixel wide (Canny, "A computational approach to edge detection", 1986), as
 * `skimage.feature.canny` finds them. Nothing is drawn by chance.
 */
export function cannyEdges(frame: Frame): Frame {
  return strongEdges(thinnedEdges(smoothed(toPlane(frame))));
}

/** How much of a pixel's blur falls inside the picture. */
const INSIDE = gaussianFilter(new Float64Array(FRAME_PIXELS).fill(1), SIGMA, 'constant');

/** Blurred with nothing outside, then made up for what the border lost. */
function smoothed(plane: Plane): Plane {
  return gaussianFilter(plane, SIGMA, 'constant').map((ink, i) => ink / (INSIDE[i]! + Number.EPSILON));
}

/** The strength of the edge at each pixel where it is the strongest across the edge; 0 elsewhere and on the border. */
function thinnedEdges(plane: Plane): Plane {
  const down = sobel(plane, 'down');
  const across = sobel(plane, 'across');
  const strength = down.map((gradient, i) => Math.sqrt(gradient ** 2 + across[i]! ** 2));
  const thinned = new Float64Array(FRAME_PIXELS);
  for (let row = 1; row < FRAME_SIDE - 1; row++) {
    for (let column = 1; column < FRAME_SIDE - 1; column++) {
      const i = row * FRAME_SIDE + column;
      if (strength[i]! > 0 && isRidge(strength, i, down[i]!, across[i]!)) thinned[i] = strength[i]!;
    }
  }
  return thinned;
}

/**
 * Whether an edge is nowhere stronger a step across it, on either side. A step ends between two of the eight
 * neighbours, a straight and a diagonal one; what is between them is mixed.
 */
function isRidge(strength: Plane, i: number, down: number, across: number): boolean {
  const [steep, flat] = [Math.abs(down), Math.abs(across)];
  const upright = steep >= flat;
  const falling = down > 0 !== across > 0;
  const diagonal = falling ? FRAME_SIDE - 1 : FRAME_SIDE + 1;
  const beside = falling ? -1 : 1;
  const straight = upright ? FRAME_SIDE : beside;
  const share = upright ? flat / steep : steep / flat;
  const mixed = (side: number): number =>
    strength[i + side * diagonal]! * share + strength[i + side * straight]! * (1 - share);
  return mixed(1) <= strength[i]! && mixed(-1) <= strength[i]!;
}

/** Full ink at each edge that is strong, or hangs together with a strong one over weak ones. */
function strongEdges(strength: Plane): Frame {
  const edges = new Uint8Array(FRAME_PIXELS);
  const open: number[] = [];
  const visit = (i: number, least: number): void => {
    if (edges[i] !== 0 || strength[i]! < least) return;
    edges[i] = 255;
    open.push(i);
  };
  for (let i = 0; i < FRAME_PIXELS; i++) visit(i, STRONG);
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    // No edge lies on the border: all eight neighbours are in the picture.
    for (const step of [1, FRAME_SIDE - 1, FRAME_SIDE, FRAME_SIDE + 1]) {
      visit(i - step, WEAK);
      visit(i + step, WEAK);
    }
  }
  return edges;
}
