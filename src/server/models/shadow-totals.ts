import { NO_COMPARISON, sumOfComparisons } from './comparison.js';
import type { ShadowFigures } from './model-messages.js';

/**
 * The figures of a shadow in all processes, also in those that have ended. They begin anew when another version serves.
 */
export class ShadowTotals {
  readonly #ofWorkers = new Map<number, ShadowFigures>();
  #ended: ShadowFigures | undefined;
  #serving: number;

  constructor(serving: number) {
    this.#serving = serving;
  }

  /** Another version serves. */
  restart(serving: number): void {
    if (serving === this.#serving) return;
    this.#serving = serving;
    this.#ofWorkers.clear();
    this.#ended = undefined;
  }

  /** @param figures since the version that serves began to in that worker; those of another version are old news */
  add(worker: number, figures: ShadowFigures): void {
    if (figures.serving === this.#serving) this.#ofWorkers.set(worker, figures);
  }

  left(worker: number): void {
    const last = this.#ofWorkers.get(worker);
    this.#ofWorkers.delete(worker);
    if (last) this.#ended = sumOf(this.#ended ? [this.#ended, last] : [last]);
  }

  /** Undefined before the first frame was compared. */
  get figures(): ShadowFigures | undefined {
    const all = [...this.#ofWorkers.values(), ...(this.#ended ? [this.#ended] : [])];
    return all.length > 0 ? sumOf(all) : undefined;
  }

  /** For a log line. */
  get summary(): Readonly<Record<string, unknown>> | undefined {
    const { figures } = this;
    if (!figures || figures.compared === 0) return undefined;
    const { serving, candidate, compared, agreed, probabilityDifference, disagreements, dropped } = figures;
    const meanDifference = Math.round((1e6 * probabilityDifference) / compared) / 1e6;
    return { serving, candidate, compared, agreed, meanDifference, disagreements, dropped };
  }
}

function sumOf(all: readonly ShadowFigures[]): ShadowFigures {
  const { serving = 0, candidate = 0, share = 0 } = all[0] ?? {};
  return {
    ...NO_COMPARISON,
    ...sumOfComparisons(all),
    serving,
    candidate,
    share,
    dropped: all.reduce((sum, { dropped }) => sum + dropped, 0),
  };
}
