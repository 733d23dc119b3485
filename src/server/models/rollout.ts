import { InkdigitError, messageOf } from '../../errors.js';
import type { CheckReport } from './check-version.js';
import type { VersionRef } from './held-models.js';
import type { ModelOrder, ModelReport } from './model-messages.js';

/** A worker process that takes requests. */
export interface WorkerLink {
  readonly id: number;
  tell(order: ModelOrder): void;
}

export interface RolloutDeps {
  /**
   * Tries a version where it can do no harm.
   * @throws InkdigitError that says why it may not serve
   */
  readonly check: (candidate: VersionRef, serving: VersionRef) => Promise<CheckReport>;
  readonly wait: (ms: number) => Promise<void>;
  /** For how long the first worker with a new version is watched. */
  readonly canaryMs: number;
  /** A worker that has not swapped after so long will not. */
  readonly swapTimeoutMs?: number;
  /** Called when a version goes from one stage to the next. */
  readonly onStage?: (stage: 'checking' | 'swapping') => void;
}

/** A worker, and what is waited for from it. */
interface Member {
  readonly link: WorkerLink;
  /** What it serves, as far as it said. */
  serving: VersionRef;
}

/** Settles what is waited for from a worker. */
interface Waiting {
  readonly worker: number;
  readonly resolve: () => void;
  readonly reject: (reason: InkdigitError) => void;
}

/** Opening takes some ten milliseconds; a machine may be busy. */
const SWAP_TIMEOUT_MS = 60_000;

/** How a version came to serve. */
export interface RolloutResult {
  /** `null` for a version that was kept open, which had been tried before. */
  readonly report: CheckReport | null;
}

/**
 * Brings a version to all workers of a service: tried in a process of its own, then in one worker that is watched, then
 * in the others one after the other. Whatever goes wrong, those that have it go back, which takes them one assignment.
 * Has no clock and no processes of its own: `deps` and the workers' reports are all it knows.
 */
export class Rollout {
  readonly #deps: RolloutDeps;
  readonly #members = new Map<number, Member>();
  readonly #waiting = new Map<number, Waiting>();
  /** The worker that is watched, and how its watch ends early. */
  #watched: Waiting | undefined;
  #lastId = 0;
  #serving: VersionRef;
  #previous: VersionRef | undefined;

  constructor(serving: VersionRef, deps: RolloutDeps) {
    this.#serving = serving;
    this.#deps = deps;
  }

  /** What all workers serve, and new ones start with. */
  get serving(): VersionRef {
    return this.#serving;
  }

  /** What workers keep open for a rollback. */
  get previous(): VersionRef | undefined {
    return this.#previous;
  }

  /** A worker takes requests. @param serving what it was started with */
  joined(link: WorkerLink, serving: VersionRef): void {
    const member = { link, serving };
    this.#members.set(link.id, member);
    // It was started before a swap that has ended meanwhile.
    if (serving.sha256 !== this.#serving.sha256) this.#ask(member, this.#serving, true).catch(() => {});
  }

  left(worker: number): void {
    this.#members.delete(worker);
    const ended = new InkdigitError(
      'invalid_model',
      `Worker ${worker} ended while it began to serve the version.`,
    );
    for (const waiting of [...this.#waiting.values(), this.#watched]) {
      if (waiting?.worker === worker) waiting.reject(ended);
    }
  }

  /** What a worker says. */
  heard(worker: number, report: ModelReport): void {
    if (report.kind === 'used') this.#waiting.get(report.id)?.resolve();
    else if (report.kind === 'refused') {
      this.#waiting
        .get(report.id)
        ?.reject(new InkdigitError('invalid_model', `Worker ${worker} could not load it: ${report.reason}`));
    } else if (report.kind === 'fault' && this.#watched?.worker === worker) {
      this.#watched.reject(
        new InkdigitError('invalid_model', `It failed to answer in worker ${worker}: ${report.message}`),
      );
    }
  }

  /**
   * Makes a version serve in every worker.
   * @throws InkdigitError that says why it does not; every worker then serves what it did before
   */
  async switchTo(target: VersionRef): Promise<RolloutResult> {
    const { check, onStage } = this.#deps;
    if (target.sha256 === this.#serving.sha256) return { report: null };
    // It served before, and what is open is what was read then.
    const isKept = target.sha256 === this.#previous?.sha256;
    let report: CheckReport | null = null;
    if (!isKept) {
      onStage?.('checking');
      report = await check(target, this.#serving);
    }
    onStage?.('swapping');
    const swapped: Member[] = [];
    try {
      if (isKept) await this.#askAll(target, swapped);
      else await this.#askInTurn(target, swapped);
    } catch (thrown) {
      // Those that have ended are replaced by ones that start with what serves.
      const alive = swapped.filter(({ link }) => this.#members.has(link.id));
      await Promise.allSettled(alive.map((member) => this.#ask(member, this.#serving, false)));
      throw thrown;
    }
    this.#previous = this.#serving;
    this.#serving = target;
    for (const member of this.#members.values()) {
      if (member.serving.sha256 !== target.sha256) this.#ask(member, target, true).catch(() => {});
    }
    return { report };
  }

  async #askAll(target: VersionRef, swapped: Member[]): Promise<void> {
    const asked = [...this.#members.values()].map(async (member) => {
      swapped.push(member);
      await this.#ask(member, target, true);
    });
    const failed = (await Promise.allSettled(asked)).find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #askInTurn(target: VersionRef, swapped: Member[]): Promise<void> {
    for (const [i, member] of [...this.#members.values()].entries()) {
      // One that ended by itself meanwhile is no reason: its place is taken by one that starts with what serves.
      if (!this.#members.has(member.link.id)) continue;
      swapped.push(member);
      await this.#ask(member, target, true);
      if (i === 0) await this.#watch(member.link.id);
    }
  }

  /** Resolves when a worker serves a version. */
  #ask(member: Member, ref: VersionRef, keepsPrevious: boolean): Promise<void> {
    const id = ++this.#lastId;
    const { swapTimeoutMs = SWAP_TIMEOUT_MS } = this.#deps;
    const { link } = member;
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(
          new InkdigitError('invalid_model', `Worker ${link.id} did not load it within ${swapTimeoutMs} ms.`),
        );
      }, swapTimeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        worker: link.id,
        resolve() {
          settle();
          member.serving = ref;
          resolve();
        },
        reject(reason) {
          settle();
          reject(reason);
        },
      });
      try {
        link.tell({ kind: 'use', id, ref, keepsPrevious });
      } catch (thrown) {
        this.#waiting.get(id)?.reject(new InkdigitError('invalid_model', messageOf(thrown)));
      }
    });
  }

  /** @throws InkdigitError where the worker ends, or fails to answer, within the time that it is watched */
  async #watch(worker: number): Promise<void> {
    const { wait, canaryMs } = this.#deps;
    const failed = new Promise<void>((resolve, reject) => {
      this.#watched = { worker, resolve, reject };
    });
    try {
      await Promise.race([wait(canaryMs), failed]);
    } finally {
      this.#watched = undefined;
    }
  }
}
