import { fitWhole } from './fit-whole.js';
import { FRAME_SIDE, type Frame } from './frame.js';
import { DEFAULT_NORMALIZE, type NormalizeMode } from './normalize-mode.js';
import { toGray } from './normalize/gray.js';
import { normalize } from './normalize/normalize.js';
import { isFrame } from './normalize/place.js';
import { invert, type Plane } from './normalize/plane.js';
import { turn, type Orientation } from './normalize/turn.js';
import { undoEnlargement } from './normalize/undo-enlargement.js';
import type { Raster } from './raster.js';
import type { Work } from './work.js';

/** A digit is looked for in a picture of at most so many pixels on its longer side. */
const LARGEST_SIDE = 512;

/** Turns any picture into what the model reads. */
export function* toFrame(
  raster: Raster,
  mode: NormalizeMode = DEFAULT_NORMALIZE,
  orientation: Orientation = 1,
): Work<Frame> {
  if (mode === 'never') {
    // A frame is quicker to turn than a picture, and the same comes out: it is fitted alike on all sides.
    const data = yield* fitWhole(raster);
    return turn({ width: FRAME_SIDE, height: FRAME_SIDE, data }, orientation).data;
  }
  const stored = yield* toGray(raster, LARGEST_SIDE);
  const seen = turn(stored, orientation);
  if (mode === 'auto' && isFrame(seen)) return seen.data;
  const gray = undoEnlargement(seen);
  const frame = mode === 'auto' ? otherFrameIn(gray, seen) : undefined;
  return frame ?? (yield* normalize(gray));
}

/** The frame that a picture is when enlargement is undone, or dark on light; as it was `seen` it is none. */
function otherFrameIn(gray: Plane, seen: Plane): Frame | undefined {
  if (gray.width !== FRAME_SIDE || gray.height !== FRAME_SIDE) return undefined;
  if (gray !== seen && isFrame(gray)) return gray.data;
  const inverted = invert(gray);
  return isFrame(inverted) ? inverted.data.slice() : undefined;
}
