import type { SceneGlyphs, GlyphSet } from '../../scenes/types.js';
import { FRAME_SIDE } from '../../image/frame.js';
import type { LabelledFrames } from '../labelled-frames.js';
import { loadMnistPart, type MnistSettings } from '../mnist.js';
import { splitValidation } from '../split.js';

export interface GlyphSettings extends MnistSettings {
  readonly datasetsDir: string;
}

/** A stand-in: the digits of MNIST, and the same laid on their side as what is no digit. */
export async function loadGlyphs(settings: GlyphSettings): Promise<{
  training: SceneGlyphs;
  validation: SceneGlyphs;
  digests: Record<string, string>;
}> {
  const { data, digests } = await loadMnistPart('train', settings);
  const { training, validation } = splitValidation(data);
  return { training: glyphsOf(training), validation: glyphsOf(validation), digests: { ...digests } };
}

function glyphsOf({ frames, labels }: LabelledFrames): SceneGlyphs {
  const masks = frames.pixels;
  const weights = new Float32Array(labels.length).fill(1);
  const digits: GlyphSet = { side: FRAME_SIDE, masks, labels, weights };
  const size = FRAME_SIDE ** 2;
  const sideways = masks.slice(0, labels.length * size).map((_, i) => {
    const [start, row, column] = [i - (i % size), Math.floor((i % size) / FRAME_SIDE), i % FRAME_SIDE];
    return masks[start + column * FRAME_SIDE + FRAME_SIDE - 1 - row] ?? 0;
  });
  return { digits, others: { ...digits, masks: sideways, labels: labels.map(() => 10) } };
}
