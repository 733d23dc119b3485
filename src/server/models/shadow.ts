import { setImmediate as nextTurn } from 'node:timers/promises';
import { FRAME_PIXELS } from '../../image/frame.js';
import { contentOf, type ImageContent } from '../../image/picture.js';
import { readContents } from '../../model/digit-models.js';
import type { Reading } from '../../model/readings.js';
import { Comparison, type ComparisonFigures, type FirstAnswer, type ShadowTally } from './comparison.js';
import type { LoadedVersion } from './held-models.js';

/** What the queue does for a shadow: it says what was answered, and when it has nothing to do. */
export interface ShadowPort {
  /** Whether the frames of a request that begins now are to be offered. */
  samples(): boolean;
  /** A frame and its answer. */
  offer(content: ImageContent, reading: Reading): void;
  /** The queue is empty. @param isIdle whether it still is */
  idle(isIdle: () => boolean): void;
}

export interface ShadowSettings {
  /** Share of requests, 0..1. */
  readonly share: number;
  /** Frames that wait at most; of more the oldest are lost. */
  readonly capacity?: number;
  /** A uniform number in [0, 1). */
  readonly random?: () => number;
  /** Where comparisons with the version that serves are counted. */
  readonly tally?: ShadowTally | undefined;
}

const CAPACITY = 256;
/** Frames of one inference: a request that comes meanwhile waits less than half a millisecond. */
const FRAMES_A_TURN = 8;

/**
 * Gives frames that were answered to another version too, while the process has nothing else to do, and compares.
 * Frames lie in one piece of memory; pictures that are no frames are not compared.
 */
export class Shadow implements ShadowPort {
  readonly candidate: LoadedVersion;
  readonly #share: number;
  readonly #random: () => number;
  readonly #frames: Uint8Array;
  readonly #answers: (FirstAnswer | undefined)[];
  #tally: ShadowTally | undefined;
  #comparison: Comparison;
  /** The oldest that waits, and how many do. */
  #first = 0;
  #waiting = 0;
  #dropped = 0;
  #isWorking = false;
  #isOver = false;

  /** @param candidate becomes this one's to let go */
  constructor(candidate: LoadedVersion, settings: ShadowSettings) {
    const { share, capacity = CAPACITY, random = Math.random, tally } = settings;
    this.candidate = candidate;
    this.#share = share;
    this.#random = random;
    this.#tally = tally;
    this.#comparison = new Comparison(tally);
    this.#frames = new Uint8Array(capacity * FRAME_PIXELS);
    this.#answers = Array.from({ length: capacity });
  }

  get figures(): ComparisonFigures {
    return this.#comparison.figures;
  }

  /** Frames that were never read, as too many came before the process had time. */
  get dropped(): number {
    return this.#dropped;
  }

  samples(): boolean {
    return !this.#isOver && this.#random() < this.#share;
  }

  offer(content: ImageContent, { class: digit, probability, digit: isDigit }: Reading): void {
    if (content.kind !== 'frame' || this.#isOver) return;
    const capacity = this.#answers.length;
    if (this.#waiting === capacity) {
      this.#first = (this.#first + 1) % capacity;
      this.#waiting -= 1;
      this.#dropped += 1;
      this.#tally?.dropped();
    }
    const place = (this.#first + this.#waiting) % capacity;
    this.#frames.set(content.frame, place * FRAME_PIXELS);
    this.#answers[place] = { class: digit, probability, digit: isDigit };
    this.#waiting += 1;
  }

  idle(isIdle: () => boolean): void {
    if (this.#waiting === 0 || this.#isWorking || this.#isOver) return;
    this.#isWorking = true;
    void this.#work(isIdle).finally(() => {
      this.#isWorking = false;
    });
  }

  /** Begins anew, as another version serves. @param tally where comparisons with that one are counted */
  restart(tally?: ShadowTally): void {
    this.#tally = tally;
    this.#comparison = new Comparison(tally);
    this.#waiting = 0;
    this.#dropped = 0;
  }

  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.candidate.letGo();
  }

  async #work(isIdle: () => boolean): Promise<void> {
    this.candidate.hold();
    try {
      for (;;) {
        await nextTurn();
        if (!isIdle() || this.#waiting === 0 || this.#isOver) return;
        await this.#compareSome();
      }
    } catch (thrown) {
      this.candidate.reportFault(thrown);
      this.close();
    } finally {
      this.candidate.letGo();
    }
  }

  async #compareSome(): Promise<void> {
    const comparison = this.#comparison;
    const capacity = this.#answers.length;
    const answers: FirstAnswer[] = [];
    const contents: ImageContent[] = [];
    for (let taken = 0; taken < FRAMES_A_TURN && this.#waiting > 0; taken++) {
      const place = this.#first;
      const answer = this.#answers[place];
      if (answer) {
        answers.push(answer);
        contents.push(contentOf(this.#frames.slice(place * FRAME_PIXELS, (place + 1) * FRAME_PIXELS)));
      }
      this.#first = (place + 1) % capacity;
      this.#waiting -= 1;
    }
    const read = await readContents(this.candidate, contents);
    answers.forEach((answer, i) => {
      const reading = read[i]?.reading;
      if (reading) comparison.add(answer, reading);
    });
  }
}
