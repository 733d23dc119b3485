import { FRAME_PIXELS, type Frame } from '../frame.js';
import { placeDigit } from './place.js';
import { boxOf, crop, type Box, type Plane } from '../plane.js';
import { overlap, type BoundingBox } from './bounding-box.js';

/** What the box of a digit may be amiss by, as a share of its longer side. */
const MARGIN = 0.06;

/** With fewer levels between paper and ink there is no ink, only grain. */
const LEAST_CONTRAST = 40;

/** So much of the way from paper to ink is paper still. */
const PAPER_SHARE = 0.1;

/** Ink for certain, of 0-255: what is paler at the edge of a digit does not make it larger. */
const SURE_INK = 128;

/**
 * Makes a frame as MNIST's are of a digit that was found in a picture. All that is inked in its box belongs to it; what
 * level paper has and what level ink, a threshold after Otsu tells.
 * @param view the picture around the digit as `standardize` leaves it, bright ink on dark paper, `[height, width]`
 * @param box of the digit, in pixels of the view
 * @param picture where the picture lies in the view: beyond it there is no ink
 * @returns an empty frame where nothing stands out
 */
export function frameOfView(view: Plane, box: BoundingBox, picture: BoundingBox): Frame {
  const pixels = pixelsAround(box, view, picture);
  if (pixels.left > pixels.right || pixels.top > pixels.bottom) return new Uint8Array(FRAME_PIXELS);
  const region = crop(view, pixels);
  const { paper, ink } = meansOfClasses(region.data);
  if (ink - paper < LEAST_CONTRAST) return new Uint8Array(FRAME_PIXELS);
  const black = paper + PAPER_SHARE * (ink - paper);
  const scale = 255 / (ink - black);
  const data = region.data.map((level) => Math.round(Math.min(255, Math.max(0, (level - black) * scale))));
  const sure = boxOf({ ...region, data: data.map((level) => (level < SURE_INK ? 0 : level)) });
  return sure ? placeDigit(crop({ ...region, data }, sure)) : new Uint8Array(FRAME_PIXELS);
}

/** The pixels of the view under a box and its margin, as far as the picture lies there; their box may be empty. */
function pixelsAround(box: BoundingBox, { width, height }: Plane, picture: BoundingBox): Box {
  const margin = MARGIN * Math.max(box.width, box.height);
  const grown = {
    x: box.x - margin,
    y: box.y - margin,
    width: box.width + 2 * margin,
    height: box.height + 2 * margin,
  };
  const seen = overlap(overlap(grown, picture), { x: 0, y: 0, width, height });
  return {
    left: Math.round(seen.x),
    top: Math.round(seen.y),
    right: Math.round(seen.x + seen.width) - 1,
    bottom: Math.round(seen.y + seen.height) - 1,
  };
}

/**
 * The mean levels of the two classes that one threshold parts with the largest variance between them: Otsu, "A
 * threshold selection method from gray-level histograms", 1979.
 */
function meansOfClasses(levels: Uint8Array): { readonly paper: number; readonly ink: number } {
  const histogram = new Uint32Array(256);
  for (const level of levels) histogram[level]!++;
  const sum = levels.reduce((total, level) => total + level, 0);
  let best = { paper: 0, ink: 0 };
  let largest = 0;
  let below = 0;
  let sumBelow = 0;
  histogram.forEach((count, level) => {
    below += count;
    sumBelow += count * level;
    const above = levels.length - below;
    if (below === 0 || above === 0) return;
    const means = { paper: sumBelow / below, ink: (sum - sumBelow) / above };
    const between = below * above * (means.ink - means.paper) ** 2;
    if (between > largest) {
      largest = between;
      best = means;
    }
  });
  return best;
}
