import type { Pieces, Step } from '../slot.js';
import { Reached, type Changes } from './changes.js';

/** An operator that follows changes: from those of its input to those of its output. */
export interface Follower {
  /** Computes the whole output of the image that others are compared with. */
  readonly begin: Step;
  /** Computes what is changed. */
  readonly follow: Step;
}

/** Computes again those pieces that changes reach. */
export function piecesFollower(pieces: Pieces, given: Changes, own: Changes): Follower {
  const { inputValues, reach, count, compute } = pieces;
  const length = own.data.length / count;
  const reached = new Reached(count);
  const add = (piece: number): void => void reached.add(piece);
  return {
    begin: () => compute(0, count),
    follow() {
      for (let i = 0, last = -1; i < given.count; i++) {
        const piece = Math.floor(given.places[i]! / inputValues);
        if (piece !== last) reach(piece, add);
        last = piece;
      }
      for (let i = 0; i < reached.count; i++) {
        const piece = reached.list[i]!;
        own.keep(piece * length, (piece + 1) * length);
        compute(piece, piece + 1);
        own.compare(piece * length, (piece + 1) * length);
      }
      reached.clear();
    },
  };
}

/** Computes all again: of an operator that mixes what it is given, and has little. */
export function wholeFollower(step: Step, own: Changes): Follower {
  const { length } = own.data;
  return {
    begin: step,
    follow() {
      own.keep(0, length);
      step();
      own.compare(0, length);
    },
  };
}
