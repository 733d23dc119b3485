import type { Operation } from '../operation.js';
import type { Plan } from '../plan.js';
import type { Slot } from '../slot.js';
import { Changes } from './changes.js';
import { piecesFollower, wholeFollower, type Follower } from './followers.js';
import { sumsFollower } from './sums-follower.js';

/** Runs an image, and others that differ from it in a few pixels, of which only what is changed is computed. */
export interface Differences {
  /**
   * Runs the image that others are compared with.
   * @param image `[side,side]` in 0..1
   * @returns logits `[outputs]`, in memory that the next run uses again
   */
  begin(image: Float32Array): Slot['data'];
  /**
   * Runs that image with another value at some of its pixels. The integers and roundings are those of a whole run.
   * @param pixels their places
   * @returns logits, as `begin`
   */
  run(pixels: Iterable<number>, value: number): Slot['data'];
}

/** Gets a network ready: what all operators gave for the first image is kept. */
export function differencesOf({ input, output, operations }: Plan): Differences {
  const ofInput = new Changes(input.data);
  /** By the memory that they are of, which several slots may share. */
  const changes = new Map<Slot['data'], Changes>([[input.data, ofInput]]);
  const followers = operations.flatMap((operation) => followerOf(operation, changes));
  const logits = output.data.slice();
  return {
    begin(image) {
      input.data.set(image);
      for (const { begin } of followers) begin();
      logits.set(output.data);
      return logits;
    },
    run(pixels, value) {
      for (const at of pixels) {
        ofInput.keep(at, at + 1);
        input.data[at] = value;
        ofInput.compare(at, at + 1);
      }
      for (const { follow } of followers) follow();
      logits.set(output.data);
      for (const each of changes.values()) each.undo();
      return logits;
    },
  };
}

/** Both stages of a cascade are run always: which of them answers, the last operator sees. */
function followerOf(
  { output, step, pieces, layer }: Operation,
  changes: Map<Slot['data'], Changes>,
): readonly Follower[] {
  // Another form of the same memory.
  if (!step) return [];
  const input = (layer ?? pieces)?.input;
  const given = input && changes.get(input.data);
  const own = new Changes(output.data);
  changes.set(output.data, own);
  if (given && layer) return [sumsFollower(layer, given, own)];
  if (given && pieces) return [piecesFollower(pieces, given, own)];
  return [wholeFollower(step, own)];
}
