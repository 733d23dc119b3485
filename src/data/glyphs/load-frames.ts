import { FRAME_PIXELS } from '../../image/frame.js';
import { placeDigit } from '../../image/view/place.js';
import type { GlyphSet } from '../../scenes/types.js';
import type { LabelledFrames } from '../labelled-frames.js';
import type { TrainingSplit } from '../split.js';
import { loadGlyphs, type GlyphDatasetName, type LoadGlyphsSettings } from '../glyphs/load-glyphs.js';

/**
 * The data sets that networks which read frames learn from. Left out are those without digits, and the register, of
 * whose numbers some are cut wrongly: a scene forgives that, a frame of a wrong digit does not.
 */
export const FRAME_DATASETS = [
  'mnist',
  'unipen',
  'semeion',
  'optdigits',
  'paper-digits',
] as const satisfies readonly GlyphDatasetName[];

/** A data set that networks which read frames learn from. */
export type FrameDatasetName = (typeof FRAME_DATASETS)[number];

/** Frames of one data set, split as its glyphs are. */
export interface FrameSet extends TrainingSplit {
  readonly name: FrameDatasetName;
}

/** Frames of several data sets, and the digests of the files that they came from. */
export interface LoadedFrameSets {
  readonly sets: readonly FrameSet[];
  /** File name -> SHA-256 of its unpacked content. */
  readonly digests: Readonly<Record<string, string>>;
}

/**
 * Loads data sets but MNIST, whose frames are there already, as frames such as MNIST's: each glyph once, in the order
 * of its set.
 * @throws InkdigitError as `loadGlyphs`
 */
export async function loadFrameSets(
  names: readonly FrameDatasetName[],
  settings: Omit<LoadGlyphsSettings, 'names'>,
): Promise<LoadedFrameSets> {
  const sets: FrameSet[] = [];
  const digests: Record<string, string> = {};
  for (const name of names) {
    if (name === 'mnist') continue;
    const { training, validation, ...loaded } = await loadGlyphs({ ...settings, names: [name] });
    Object.assign(digests, loaded.digests);
    sets.push({
      name,
      training: framesOfGlyphs(training.digits),
      validation: framesOfGlyphs(validation.digits),
    });
  }
  return { sets, digests };
}

/** Lays each glyph into a frame as MNIST's digits were, its strokes as wide as they are: `[count, 28, 28]`. */
export function framesOfGlyphs({ side, masks, labels }: GlyphSet): LabelledFrames {
  const pixels = new Uint8Array(labels.length * FRAME_PIXELS);
  const size = side * side;
  for (let i = 0; i < labels.length; i++) {
    const data = masks.subarray(i * size, (i + 1) * size);
    pixels.set(placeDigit({ width: side, height: side, data }), i * FRAME_PIXELS);
  }
  return { frames: { count: labels.length, pixels }, labels };
}
