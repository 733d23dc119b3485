/** Work that a process does without waiting for anything. */
export interface Job {
  /** Of one core. */
  readonly ms: number;
  /** Is called when it is done. */
  readonly end: (nowMs: number) => void;
}

/** A process. */
export interface Task {
  /** What it does next; `null` where it goes to sleep. */
  readonly next: () => Job | null;
}

interface Entry extends Task {
  state: 'asleep' | 'waiting' | 'running';
  job: Job | null;
  /** Of its job. */
  leftMs: number;
  /** Time on a core so far, raised to that of the others where it slept: the one that has least is next. */
  fairMs: number;
  /** When it took the core. */
  sinceMs: number;
}

/**
 * How long a process may keep its core while another waits, and by how much one that wakes up has to lag behind to take
 * the core at once: of Linux on two cores (kernel/sched/fair.c, 0.75 ms x (1 + log2 of the cores)).
 */
const SLICE_MS = 1.5;
const CRUMB_MS = 1e-9;

/** Cores that are shared among processes as a fair scheduler does it: the one that ran least is next. */
export class FairCores {
  readonly #count: number;
  readonly #entries: Entry[] = [];
  nowMs = 0;
  /** Of all cores. */
  busyMs = 0;

  constructor(count: number) {
    this.#count = count;
  }

  /** A process, which sleeps at first. */
  add(next: () => Job | null): Task {
    const entry: Entry = { next, state: 'asleep', job: null, leftMs: 0, fairMs: 0, sinceMs: 0 };
    this.#entries.push(entry);
    return entry;
  }

  /** There is something to do for it. */
  wake(task: Task): void {
    const entry = this.#entries.find((one) => one === task);
    if (entry?.state !== 'asleep') return;
    let leastMs = Infinity;
    let running = 0;
    let most: Entry | null = null;
    for (const other of this.#entries) {
      if (other.state === 'asleep') continue;
      leastMs = Math.min(leastMs, other.fairMs);
      if (other.state !== 'running') continue;
      running += 1;
      if (most === null || other.fairMs > most.fairMs) most = other;
    }
    if (Number.isFinite(leastMs)) entry.fairMs = Math.max(entry.fairMs, leastMs - SLICE_MS);
    entry.state = 'waiting';
    const isFull = running >= this.#count;
    if (isFull && most && most.fairMs - entry.fairMs > SLICE_MS / 2) most.state = 'waiting';
    this.#dispatch();
  }

  /** Lets time pass. */
  runUntil(endMs: number): void {
    for (;;) {
      const isContended = this.#isContended();
      let step = endMs - this.nowMs;
      for (const { state, leftMs, sinceMs } of this.#entries) {
        if (state !== 'running') continue;
        step = Math.min(step, leftMs);
        if (isContended) step = Math.min(step, Math.max(0, sinceMs + SLICE_MS - this.nowMs));
      }
      this.nowMs += step;
      for (const entry of this.#entries) {
        if (entry.state !== 'running') continue;
        entry.leftMs -= step;
        entry.fairMs += step;
        this.busyMs += step;
      }
      if (this.nowMs >= endMs) {
        this.nowMs = endMs;
        return;
      }
      for (const entry of this.#entries) if (entry.state === 'running') this.#turn(entry);
      this.#dispatch();
    }
  }

  #isContended(): boolean {
    for (const { state } of this.#entries) if (state === 'waiting') return true;
    return false;
  }

  #turn(entry: Entry): void {
    // Rounding leaves crumbs.
    if (entry.leftMs < CRUMB_MS) {
      const { job } = entry;
      entry.job = null;
      job?.end(this.nowMs);
      if (entry.state === 'running') this.#begin(entry);
    }
    if (entry.state !== 'running' || this.nowMs - entry.sinceMs < SLICE_MS - CRUMB_MS) return;
    if (this.#isContended()) entry.state = 'waiting';
    else entry.sinceMs = this.nowMs;
  }

  #begin(entry: Entry): void {
    if (entry.job === null) {
      entry.job = entry.next();
      entry.leftMs = entry.job?.ms ?? 0;
    }
    if (entry.job === null) entry.state = 'asleep';
  }

  #dispatch(): void {
    for (;;) {
      let running = 0;
      let next: Entry | null = null;
      for (const entry of this.#entries) {
        if (entry.state === 'running') running += 1;
        else if (entry.state === 'waiting' && (next === null || entry.fairMs < next.fairMs)) next = entry;
      }
      if (next === null || running >= this.#count) return;
      next.state = 'running';
      next.sinceMs = this.nowMs;
      this.#begin(next);
    }
  }
}
