import type { Plane } from '../image/plane.js';
import type { InterpretedNetwork } from '../interpreter/interpreted-network.js';
import type { LayerMaps } from '../interpreter/plan.js';
import { CLASS_COUNT } from '../model/contract.js';
import { digitProbabilities } from '../model/softmax.js';

/** Why a network took what it was shown for what it did. */
export interface Explanation {
  /** Of the picture that the network was shown, in pixels. */
  readonly side: number;
  /** `[side, side]`, -1..1: how much the ink there speaks for the answer, or against it; 0 far from ink. */
  readonly heat: Float32Array;
  /** Some of the maps of each convolution, the first one first. */
  readonly layers: readonly ExplainedLayer[];
}

/** Maps of a convolution: those that differ the most from place to place. */
export interface ExplainedLayer {
  /** Of all there are. */
  readonly channels: number;
  readonly side: number;
  /** `[side, side]` each, 0..255 */
  readonly maps: readonly Uint8Array[];
}

/** As shares of the side: how far patches lie apart, and how large they are. */
const STEP = 1 / 10;
const PATCH = 1 / 6;

/** Levels of ink that differ less from the background are none, in 0..1. */
const FAINT = 0.06;

/** A probability below it is as good as none: its logarithm would tell of nothing else. */
const LEAST = 1e-6;

const SHOWN_MAPS = 8;

/**
 * Explains an answer by occlusion: patch by patch, the ink is taken away, and the logarithm of the answer's probability
 * falls or rises. Probabilities themselves are no measure: one that is almost 1 moves with no patch.
 * @param shown what the network was shown, `[side, side]`
 * @param answer 0-9, or 10 for "no digit"
 * @see Zeiler and Fergus, Visualizing and Understanding Convolutional Networks (2014), 4.2
 */
export async function explain(
  network: InterpretedNetwork,
  shown: Plane,
  answer: number,
): Promise<Explanation> {
  const side = shown.width;
  const view = Float32Array.from(shown.data, (level) => level / 255);
  const background = medianOf(view);
  const ink = view.map((value) => Math.abs(value - background));
  const patches = patchesOn(side).filter((patch) => hasInk(ink, side, patch));
  const whole = await network.run(1, (input) => input.set(view));
  const before = logProbability(whole, network.outputs, answer)[0] ?? 0;
  const layers = network.layers().map(explainLayer);
  const logits = await network.run(patches.length, (input) => {
    patches.forEach((patch, i) => {
      const own = input.subarray(i * view.length, (i + 1) * view.length);
      own.set(view);
      forEachPixel(patch, side, (at) => (own[at] = background));
    });
  });
  const after = logProbability(logits, network.outputs, answer);
  const sums = new Float32Array(view.length);
  const weights = new Float32Array(view.length);
  patches.forEach((patch, i) => {
    const change = before - (after[i] ?? 0);
    forEachPixel(widened(patch), side, (at) => {
      const weight = nearness(patch, side, at);
      sums[at] = (sums[at] ?? 0) + weight * change;
      weights[at] = (weights[at] ?? 0) + weight;
    });
  });
  const mean = sums.map((sum, at) => sum / Math.max(1e-3, weights[at] ?? 0));
  const most = mean.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return { side, heat: most === 0 ? mean : mean.map((value) => value / most), layers };
}

interface Patch {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

function patchesOn(side: number): readonly Patch[] {
  const size = Math.max(2, Math.round(side * PATCH));
  const count = Math.round(1 / STEP);
  const place = (i: number): number => Math.round(((i + 0.5) * side) / count - size / 2);
  const places = Array.from({ length: count }, (_, i) => place(i));
  return places.flatMap((top) => places.map((left) => ({ left, top, size })));
}

/** How far what a patch tells is spread, so that the heat has no edges where patches have some. */
function widened({ left, top, size }: Patch): Patch {
  const by = size >> 1;
  return { left: left - by, top: top - by, size: size + 2 * by };
}

/** A bell over the middle of a patch. */
function nearness({ left, top, size }: Patch, side: number, at: number): number {
  const x = (at % side) + 0.5 - left - size / 2;
  const y = Math.floor(at / side) + 0.5 - top - size / 2;
  return Math.exp((-4 * (x * x + y * y)) / (size * size));
}

function forEachPixel({ left, top, size }: Patch, side: number, use: (at: number) => void): void {
  for (let row = Math.max(0, top); row < Math.min(side, top + size); row++) {
    for (let column = Math.max(0, left); column < Math.min(side, left + size); column++)
      use(row * side + column);
  }
}

function hasInk(ink: Float32Array, side: number, patch: Patch): boolean {
  let is = false;
  forEachPixel(patch, side, (at) => (is ||= (ink[at] ?? 0) > FAINT));
  return is;
}

function logProbability(logits: Float32Array, outputs: number, answer: number): readonly number[] {
  const probabilities = digitProbabilities(logits, outputs);
  return Array.from({ length: probabilities.length / CLASS_COUNT }, (_, i) => {
    const own = probabilities.subarray(i * CLASS_COUNT, (i + 1) * CLASS_COUNT);
    const none = 1 - own.reduce((sum, each) => sum + each, 0);
    return Math.log(Math.max(LEAST, answer < CLASS_COUNT ? (own[answer] ?? 0) : none));
  });
}

function explainLayer({ channels, side, at }: LayerMaps): ExplainedLayer {
  const maps = Array.from({ length: channels }, (_, channel) => {
    const values = Float32Array.from({ length: side * side }, (_pixel, i) =>
      at(channel, Math.floor(i / side), i % side),
    );
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return { values, least, spread: most - least };
  });
  const clearest = maps.toSorted((a, b) => b.spread - a.spread).slice(0, SHOWN_MAPS);
  return {
    channels,
    side,
    maps: clearest.map(({ values, least, spread }) =>
      Uint8Array.from(values, (value) => (spread === 0 ? 0 : Math.round((255 * (value - least)) / spread))),
    ),
  };
}

function medianOf(values: Float32Array): number {
  return values.toSorted()[values.length >> 1] ?? 0;
}
