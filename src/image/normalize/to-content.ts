import { letterbox } from './letterbox.js';
import type { Size } from '../formats/format.js';
import { FRAME_SIDE, type Frame } from '../frame.js';
import { reductionOf, toGray } from './gray.js';
import { isFrame } from './is-frame.js';
import { DEFAULT_NORMALIZE, type NormalizeMode } from '../normalize-mode.js';
import { contentOf, type ImageContent, type Picture } from '../picture.js';
import { invert, type Plane } from '../plane.js';
import type { Raster } from '../raster.js';
import { applyExifOrientation, type Orientation } from '../exif-orientation.js';
import { undoEnlargement } from './undo-enlargement.js';
import { runSync, type Task } from '../task.js';

/** A digit is looked for in a picture of at most this many pixels on its longer side. */
export const LARGEST_SIDE = 512;

/**
 * Tells frames from pictures, and makes both of what was decoded.
 * @param stored the size of the picture in its file, where it was made smaller as it was decoded
 * @param largestSide pixels on the longer side of a picture at most
 */
export function* toContent(
  raster: Raster,
  mode: NormalizeMode = DEFAULT_NORMALIZE,
  orientation: Orientation = 1,
  stored: Size = raster,
  largestSide = LARGEST_SIDE,
): Task<ImageContent> {
  if (mode === 'never') return contentOf(yield* wholeAsFrame(raster, orientation));
  const gray = applyExifOrientation(yield* toGray(raster, largestSide), orientation);
  const frame = mode === 'auto' ? frameIn(gray) : undefined;
  if (frame) return contentOf(frame);
  const isUpright = orientation < 5;
  const picture: Picture = {
    gray,
    reduction: (reductionOf(raster, largestSide) * longerSide(stored)) / longerSide(raster),
    width: isUpright ? stored.width : stored.height,
    height: isUpright ? stored.height : stored.width,
  };
  return { kind: 'picture', picture };
}

/** The same of a small picture that is upright, at once: most are frames, which is all there is to find out. */
export function contentOfSmall(
  raster: Raster,
  mode: NormalizeMode,
  largestSide = LARGEST_SIDE,
): ImageContent {
  if (mode === 'auto' && raster.channels === 1 && isFrame(raster)) return contentOf(raster.data);
  return runSync(toContent(raster, mode, 1, raster, largestSide));
}

function longerSide({ width, height }: Size): number {
  return Math.max(width, height);
}

/**
 * The whole picture, made to fit. A frame is quicker to turn than a picture, and the same comes out: it is fitted alike
 * on all sides.
 */
function* wholeAsFrame(raster: Raster, orientation: Orientation): Task<Frame> {
  const data = yield* letterbox(raster);
  return applyExifOrientation({ width: FRAME_SIDE, height: FRAME_SIDE, data }, orientation).data;
}

/** The frame that a picture is, as it is, or when enlargement is undone, or dark on light. */
function frameIn(seen: Plane): Frame | undefined {
  const { width, height } = seen;
  if (width !== height || width % FRAME_SIDE !== 0) return undefined;
  return isFrame(seen) ? seen.data : otherFrameIn(undoEnlargement(seen), seen);
}

/** The frame that a picture is when enlargement is undone, or dark on light; as it was `seen` it is none. */
function otherFrameIn(gray: Plane, seen: Plane): Frame | undefined {
  if (gray.width !== FRAME_SIDE || gray.height !== FRAME_SIDE) return undefined;
  if (gray !== seen && isFrame(gray)) return gray.data;
  const inverted = invert(gray);
  return isFrame(inverted) ? inverted.data : undefined;
}
