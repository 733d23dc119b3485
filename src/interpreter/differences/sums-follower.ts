import { valueOf, type PackedLayer } from '../integer-layers.js';
import { LANES, lowerOf, upperOf } from '../packed-weights.js';
import type { Changes } from './changes.js';
import { Reached } from './changes.js';
import type { Follower } from './followers.js';

/** How many inputs of one place are added in one pass over the sums. */
const AT_ONCE = 4;

/**
 * Keeps the sums of a layer and adds to them what changes make of them: the difference of each changed input times its
 * weights. Sums are integers that a double holds exactly, whatever is added first, so that they are those that the
 * layer itself would have summed.
 */
export function sumsFollower(layer: PackedLayer, given: Changes, own: Changes): Follower {
  const { input, output, kernel, stride, padding, packed, bias, scales, isRounded } = layer;
  const [, , width = 1, channels = 1] = input.shape;
  const [, outHeight = 1, outWidth = 1] = output.shape;
  const [kernelHeight, kernelWidth] = kernel;
  const { groups, outputs } = packed;
  const lanes = groups * LANES;
  const weights = byInput(layer);
  const places = outHeight * outWidth;
  /** `[places, lanes]`: of the image that others are compared with, and of the one that is followed. */
  const kept = new Float64Array(places * lanes);
  const sums = new Float64Array(places * lanes);
  const reached = new Reached(places);
  /** Inputs of one place that wait to be added, and where their weights begin in those of a place of the kernel. */
  const differences = new Float64Array(channels + AT_ONCE);
  const rows = new Int32Array(channels + AT_ONCE);
  let waiting = 0;
  const { data } = input;

  /** Adds the inputs that wait to all sums whose kernels see their place. */
  const add = (target: Float64Array, place: number): void => {
    // Those that are missing to a whole pass add nothing.
    for (let i = 0; i < AT_ONCE; i++) differences[waiting + i] = 0;
    const y = Math.floor(place / width) + padding;
    const x = (place % width) + padding;
    for (let i = y % stride; i < kernelHeight; i += stride) {
      const row = (y - i) / stride;
      if (row < 0 || row >= outHeight) continue;
      for (let j = x % stride; j < kernelWidth; j += stride) {
        const column = (x - j) / stride;
        if (column < 0 || column >= outWidth) continue;
        const outPlace = row * outWidth + column;
        const at = outPlace * lanes;
        if (target === sums && reached.add(outPlace)) copy(kept, sums, at, at + lanes);
        const firstWeight = (i * kernelWidth + j) * channels * lanes;
        addProducts(target, at, lanes, differences, rows, waiting, weights, firstWeight);
      }
    }
    waiting = 0;
  };

  const put = (channel: number, at: number, sum: number): void => {
    const value = valueOf(sum, bias[channel]!, scales[channel]!, isRounded);
    const before = output.data[at]!;
    if (before === value) return;
    output.data[at] = value;
    own.note(at, before);
  };
  /** Writes what the sums of a place stand for. */
  const finish = (of: Float64Array, place: number): void => {
    let at = place * outputs;
    // Two channels share a sum; what is missing to whole groups lies behind them.
    for (let lane = place * lanes, channel = 0; channel < outputs; lane++, channel += 2, at += 2) {
      const upper = upperOf(of[lane]!);
      put(channel, at, lowerOf(of[lane]!, upper));
      if (channel + 1 < outputs) put(channel + 1, at + 1, upper);
    }
  };

  return {
    begin() {
      kept.fill(0);
      for (let place = 0, at = 0; at < data.length; place++) {
        for (let channel = 0; channel < channels; channel++, at++) {
          if (data[at] === 0) continue;
          differences[waiting] = data[at]!;
          rows[waiting++] = channel * lanes;
        }
        add(kept, place);
      }
      for (let place = 0; place < places; place++) finish(kept, place);
      own.count = 0;
    },
    follow() {
      for (let i = 0; i < given.count;) {
        const place = Math.floor(given.places[i]! / channels);
        const first = place * channels;
        for (; i < given.count; i++) {
          const channel = given.places[i]! - first;
          if (channel < 0 || channel >= channels) break;
          differences[waiting] = data[first + channel]! - given.before[i]!;
          rows[waiting++] = channel * lanes;
        }
        add(sums, place);
      }
      for (let i = 0; i < reached.count; i++) finish(sums, reached.list[i]!);
      reached.clear();
    },
  };
}

function copy(from: Float64Array, to: Float64Array, first: number, end: number): void {
  for (let i = first; i < end; i++) to[i] = from[i]!;
}

/** @param count inputs; those that follow them up to a whole pass are 0 */
function addProducts(
  sums: Float64Array,
  at: number,
  lanes: number,
  inputs: Float64Array,
  rows: Int32Array,
  count: number,
  weights: Float64Array,
  from: number,
): void {
  const end = at + lanes;
  for (let i = 0; i < count; i += AT_ONCE) {
    const d0 = inputs[i]!;
    const d1 = inputs[i + 1]!;
    const d2 = inputs[i + 2]!;
    const d3 = inputs[i + 3]!;
    let a = from + rows[i]!;
    let b = from + rows[i + 1]!;
    let c = from + rows[i + 2]!;
    let d = from + rows[i + 3]!;
    // Two at a time: there are always an even number.
    for (let to = at; to < end; to += 2, a += 2, b += 2, c += 2, d += 2) {
      sums[to]! += d0 * weights[a]! + d1 * weights[b]! + (d2 * weights[c]! + d3 * weights[d]!);
      sums[to + 1]! +=
        d0 * weights[a + 1]! + d1 * weights[b + 1]! + (d2 * weights[c + 1]! + d3 * weights[d + 1]!);
    }
  }
}

/** Weights `[groups, depth, LANES]` as `[depth, groups, LANES]`: those of one input lie together. */
function byInput({ packed: { weights, groups, depth } }: PackedLayer): Float64Array {
  const turned = new Float64Array(weights.length);
  for (let group = 0, from = 0; group < groups; group++) {
    for (let k = 0; k < depth; k++) {
      const to = (k * groups + group) * LANES;
      for (let lane = 0; lane < LANES; lane++, from++) turned[to + lane] = weights[from]!;
    }
  }
  return turned;
}
