import { InkdigitError } from '../errors.js';
import { FRAME_PIXELS, frameAt, sideOf, sliceFrames, type FrameBatch } from '../image/frame.js';

/** Frames with what they show: `labels[i]`, 0-9, is the digit of frame i. */
export interface LabelledFrames {
  readonly frames: FrameBatch;
  /** `[frames.count]` */
  readonly labels: Uint8Array;
}

/**
 * Puts frames and their labels together.
 * @throws InkdigitError `invalid_data` when there are not as many of the one as of the other.
 */
export function labelFrames(frames: FrameBatch, labels: Uint8Array, source: string): LabelledFrames {
  if (frames.count !== labels.length) {
    throw new InkdigitError(
      'invalid_data',
      `${source}: expected one label for each image, got ${frames.count} images and ${labels.length} labels.`,
    );
  }
  return { frames, labels };
}

/**
 * A view of `from … to - 1`; nothing is copied.
 * @throws RangeError when the range does not lie within the data.
 */
export function takeFrames(data: LabelledFrames, from: number, to: number): LabelledFrames {
  const { count } = data.frames;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to > count) {
    throw new RangeError(`Expected a range within 0…${count}, got ${from}…${to}.`);
  }
  return { frames: sliceFrames(data.frames, from, to), labels: data.labels.subarray(from, to) };
}

/** A copy of the images at `places`, in that order. */
export function pickFrames({ frames, labels }: LabelledFrames, places: readonly number[]): LabelledFrames {
  const size = sideOf(frames) ** 2;
  const pixels = new Uint8Array(places.length * size);
  places.forEach((place, i) => pixels.set(frameAt(frames, place), i * size));
  return {
    frames: { ...frames, count: places.length, pixels },
    labels: Uint8Array.from(places, (place) => labels[place] ?? 0),
  };
}

/** A copy of all images, those of the first part first. */
export function joinFrames(...parts: readonly LabelledFrames[]): LabelledFrames {
  const count = parts.reduce((sum, { labels }) => sum + labels.length, 0);
  const pixels = new Uint8Array(count * FRAME_PIXELS);
  const labels = new Uint8Array(count);
  let place = 0;
  for (const part of parts) {
    pixels.set(sliceFrames(part.frames, 0, part.frames.count).pixels, place * FRAME_PIXELS);
    labels.set(part.labels, place);
    place += part.labels.length;
  }
  return { frames: { count, pixels }, labels };
}
