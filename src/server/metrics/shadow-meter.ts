import type { Recorder } from './recorder.js';

/** Counts what a shadow finds, of one pair of versions. */
export interface ShadowPairMeter {
  /** @param difference of how probable both find the digit that the serving version reads, 0..1 */
  compared(agrees: boolean, difference: number): void;
  /** A frame was lost before there was time for it. */
  dropped(): void;
}

/** Counts what shadows find, by the version that serves and the one that is compared with it. */
export class ShadowMeter {
  readonly #recorder: Recorder;
  /** Versions come back: each pair has one set of series. */
  readonly #pairs = new Map<string, ShadowPairMeter>();

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** The counts of a pair of versions, there from now on. */
  of(serving: number, candidate: number): ShadowPairMeter {
    const labels = [String(serving), String(candidate)];
    const known = this.#pairs.get(labels.join());
    if (known) return known;
    const agreed = this.#recorder.counter('shadowCompared', [...labels, 'agreed']);
    const disagreed = this.#recorder.counter('shadowCompared', [...labels, 'disagreed']);
    const differences = this.#recorder.counter('shadowDifference', labels);
    const dropped = this.#recorder.counter('shadowDropped', labels);
    const pair: ShadowPairMeter = {
      compared(agrees, difference) {
        (agrees ? agreed : disagreed).add(1);
        differences.add(difference);
      },
      dropped: () => dropped.add(1),
    };
    this.#pairs.set(labels.join(), pair);
    return pair;
  }
}
