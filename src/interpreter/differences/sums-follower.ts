import type { PackedLayer } from '../integer-layers.js';
import { LANES } from '../packed-weights.js';
import type { Changes } from './changes.js';
import { Reached } from './changes.js';
import type { Follower } from './followers.js';

/** So many inputs that lie at one place are added in one pass over the sums. */
const AT_ONCE = 4;

/**
 * Keeps the sums of a layer and adds to them what changes make of them: the difference of each changed input times its
 * weights. Sums are whole numbers that a double holds exactly, whatever is added first, so that they are those that the
 * layer itself would have summed.
 */
export function sumsFollower(layer: PackedLayer, given: Changes, own: Changes): Follower {
  const { input, output, kernel, stride, padding, packed, finish } = layer;
  const [, , width = 1, channels = 1] = input.shape;
  const [, outHeight = 1, outWidth = 1, outputs = 1] = output.shape;
  const [kernelHeight, kernelWidth] = kernel;
  const { groups } = packed;
  const lanes = groups * LANES;
  const weights = byInput(layer);
  const places = outHeight * outWidth;
  /** `[places, lanes]`: of the image that others are compared with, and of the one that is followed. */
  const kept = new Float64Array(places * lanes);
  const sums = new Float64Array(places * lanes);
  const reached = new Reached(places);
  const differences = new Float64Array(AT_ONCE);
  /** Where their weights begin, in those of one place of the kernel. */
  const rows = new Int32Array(AT_ONCE);
  const data = input.data;

  /** Adds inputs that lie at one place to all sums whose kernels see it. */
  const addTo = (target: Float64Array, place: number, isFirst: boolean): void => {
    const y = Math.floor(place / width) + padding;
    const x = (place % width) + padding;
    for (let i = y % stride; i < kernelHeight; i += stride) {
      const row = (y - i) / stride;
      if (row < 0 || row >= outHeight) continue;
      for (let j = x % stride; j < kernelWidth; j += stride) {
        const column = (x - j) / stride;
        if (column < 0 || column >= outWidth) continue;
        const at = (row * outWidth + column) * lanes;
        if (!isFirst && reached.add(row * outWidth + column)) copy(kept, target, at, at + lanes);
        addProducts(target, at, lanes, differences, weights, (i * kernelWidth + j) * channels * lanes, rows);
      }
    }
  };
  /** @param count inputs that wait; those that are missing to a whole pass add nothing */
  const addRest = (target: Float64Array, place: number, count: number, isFirst: boolean): void => {
    if (count === 0) return;
    for (let i = count; i < AT_ONCE; i++) differences[i] = 0;
    addTo(target, place, isFirst);
  };

  return {
    begin() {
      kept.fill(0);
      for (let place = 0, at = 0; at < data.length; place++) {
        let waiting = 0;
        for (let channel = 0; channel < channels; channel++, at++) {
          if (data[at] === 0) continue;
          differences[waiting] = data[at]!;
          rows[waiting++] = channel * lanes;
          if (waiting < AT_ONCE) continue;
          addTo(kept, place, true);
          waiting = 0;
        }
        addRest(kept, place, waiting, true);
      }
      for (let place = 0; place < places; place++) {
        for (let group = 0; group < groups; group++) finish(kept, place * lanes + group * LANES, group, place);
      }
    },
    follow() {
      let [last, waiting] = [-1, 0];
      for (let i = 0; i < given.count; i++) {
        const at = given.places[i]!;
        const place = Math.floor(at / channels);
        if (place !== last || waiting === AT_ONCE) {
          addRest(sums, last, waiting, false);
          waiting = 0;
        }
        last = place;
        differences[waiting] = data[at]! - given.before[i]!;
        rows[waiting++] = (at - place * channels) * lanes;
      }
      addRest(sums, last, waiting, false);
      for (let i = 0; i < reached.count; i++) {
        const place = reached.list[i]!;
        own.keep(place * outputs, (place + 1) * outputs);
        for (let group = 0; group < groups; group++) finish(sums, place * lanes + group * LANES, group, place);
        own.compare(place * outputs, (place + 1) * outputs);
      }
      reached.clear();
    },
  };
}

function copy(from: Float64Array, to: Float64Array, first: number, end: number): void {
  for (let i = first; i < end; i++) to[i] = from[i]!;
}

function addProducts(
  sums: Float64Array,
  at: number,
  lanes: number,
  differences: Float64Array,
  weights: Float64Array,
  from: number,
  rows: Int32Array,
): void {
  const d0 = differences[0]!;
  const d1 = differences[1]!;
  const d2 = differences[2]!;
  const d3 = differences[3]!;
  let a = from + rows[0]!;
  let b = from + rows[1]!;
  let c = from + rows[2]!;
  let d = from + rows[3]!;
  for (const end = at + lanes; at < end; at++) {
    sums[at]! += d0 * weights[a++]! + d1 * weights[b++]! + (d2 * weights[c++]! + d3 * weights[d++]!);
  }
}

/** Weights `[groups, depth, LANES]` as `[depth, groups, LANES]`: all that one input is multiplied with lies together. */
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
