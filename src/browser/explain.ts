import type { Plane } from '../image/plane.js';
import { differencesOf } from '../interpreter/differences/differences.js';
import type { InterpretedNetwork } from '../interpreter/interpreted-network.js';
import type { LayerMaps } from '../interpreter/plan.js';
import { medianOf } from '../median.js';
import { CLASS_COUNT } from '../model/contract.js';
import { digitProbabilities } from '../model/softmax.js';
import { nextTurn } from '../next-turn.js';

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
const STEP = 1 / 8;
const PATCH = 1 / 6;

/** Levels of ink that differ less from the background are none, in 0..1. */
const FAINT = 0.06;

/** A probability below it is as good as none: its logarithm would tell of nothing else. */
const LEAST = 1e-6;

const SHOWN_MAPS = 8;

/** A network that can be asked of one picture with one part after the other taken away. */
export interface OccludedNetwork {
  readonly outputs: number;
  /** Runs the whole picture. @returns logits, in memory that the next run uses again */
  begin(image: Float32Array): Float32Array | Float64Array;
  /** Runs the picture of `begin` with another value at some of its pixels. @returns as `begin` */
  run(pixels: readonly number[], value: number): Float32Array | Float64Array;
  /** What its convolutions gave for the picture of `begin`. */
  layers(): readonly LayerMaps[];
}

/** Gets a network ready to be asked of parts. */
export function occludedNetwork({ outputs, plan }: InterpretedNetwork): OccludedNetwork {
  return { outputs, ...differencesOf(plan), layers: () => plan.layers() };
}

/** How long an explanation goes on. */
export interface ExplainOptions {
  readonly signal?: AbortSignal;
  readonly nowMs?: () => number;
}

/** So long it goes on before others have their turn, in milliseconds; they may not run the network. */
const TURN_MS = 8;

/**
 * Explains an answer by occlusion: patch by patch, the ink is taken away, and the logarithm of the answer's probability
 * falls or rises. Probabilities themselves are no measure: one that is almost 1 moves with no patch.
 * @param shown what the network was shown, `[side, side]`
 * @param answer 0-9, or 10 for "no digit"
 * @throws the reason of the signal
 * @see Zeiler and Fergus, Visualizing and Understanding Convolutional Networks (2014), 4.2
 */
export async function explain(
  network: OccludedNetwork,
  shown: Plane,
  answer: number,
  { signal, nowMs = () => performance.now() }: ExplainOptions = {},
): Promise<Explanation> {
  const side = shown.width;
  const view = Float32Array.from(shown.data, (level) => level / 255);
  const background = medianOf(view) ?? 0;
  const hasInk = (at: number): boolean => Math.abs((view[at] ?? 0) - background) > FAINT;
  const logOf = (logits: Float32Array | Float64Array): number => logProbability(logits, answer);
  const before = logOf(network.begin(view));
  const layers = network.layers().map(explainLayer);
  const sums = new Float32Array(view.length);
  const weights = new Float32Array(view.length);
  const size = Math.max(2, Math.round(side * PATCH));
  const bell = bellOver(size);
  let turnEndsMs = nowMs() + TURN_MS;
  for (const { left, top } of patchesOn(side, size)) {
    const pixels = pixelsIn({ left, top, size }, side);
    if (!pixels.some(hasInk)) continue;
    if (nowMs() > turnEndsMs) {
      await nextTurn();
      signal?.throwIfAborted();
      turnEndsMs = nowMs() + TURN_MS;
    }
    const change = before - logOf(network.run(pixels, background));
    // What a patch tells is spread, so that the heat has no edges where patches have some.
    for (let y = 0; y < bell.side; y++) {
      for (let x = 0; x < bell.side; x++) {
        const [row, column] = [top - bell.margin + y, left - bell.margin + x];
        if (row < 0 || row >= side || column < 0 || column >= side) continue;
        const weight = bell.weights[y * bell.side + x]!;
        sums[row * side + column]! += weight * change;
        weights[row * side + column]! += weight;
      }
    }
  }
  const mean = sums.map((sum, at) => sum / Math.max(1e-3, weights[at] ?? 0));
  const most = mean.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return { side, heat: most === 0 ? mean : mean.map((value) => value / most), layers };
}

interface Patch {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

function patchesOn(side: number, size: number): readonly Omit<Patch, 'size'>[] {
  const count = Math.round(1 / STEP);
  const places = Array.from({ length: count }, (_, i) => Math.round(((i + 0.5) * side) / count - size / 2));
  return places.flatMap((top) => places.map((left) => ({ left, top })));
}

function pixelsIn({ left, top, size }: Patch, side: number): readonly number[] {
  const pixels: number[] = [];
  for (let row = Math.max(0, top); row < Math.min(side, top + size); row++) {
    for (let column = Math.max(0, left); column < Math.min(side, left + size); column++)
      pixels.push(row * side + column);
  }
  return pixels;
}

/** A bell over the middle of a patch, that reaches beyond it by a margin. */
function bellOver(size: number): {
  readonly margin: number;
  readonly side: number;
  readonly weights: Float64Array;
} {
  const margin = size;
  const side = size + 2 * margin;
  const squareOf = (at: number): number => (at + 0.5 - side / 2) ** 2;
  const weights = Float64Array.from({ length: side * side }, (_, i) =>
    Math.exp((-2.5 * (squareOf(i % side) + squareOf(Math.floor(i / side)))) / (size * size)),
  );
  return { margin, side, weights };
}

/** @param logits of one picture */
function logProbability(logits: Float32Array | Float64Array, answer: number): number {
  const probabilities = digitProbabilities(Float32Array.from(logits), logits.length);
  const none = 1 - probabilities.reduce((sum, each) => sum + each, 0);
  return Math.log(Math.max(LEAST, answer < CLASS_COUNT ? (probabilities[answer] ?? 0) : none));
}

function explainLayer({ channels, side, values, channelStep, placeStep }: LayerMaps): ExplainedLayer {
  const places = side * side;
  const ranges = Array.from({ length: channels }, (_, channel) => {
    let [least, most] = [Infinity, -Infinity];
    for (let i = 0, at = channel * channelStep; i < places; i++, at += placeStep) {
      const value = values[at]!;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    return { channel, least, spread: most - least };
  });
  const clearest = ranges.toSorted((a, b) => b.spread - a.spread).slice(0, SHOWN_MAPS);
  return {
    channels,
    side,
    maps: clearest.map(({ channel, least, spread }) => {
      const map = new Uint8Array(places);
      const scale = spread === 0 ? 0 : 255 / spread;
      const first = channel * channelStep;
      for (let i = 0; i < places; i++) map[i] = Math.round(scale * (values[first + i * placeStep]! - least));
      return map;
    }),
  };
}
