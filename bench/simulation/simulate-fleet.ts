import type { Random } from '../../src/random.js';
import { percentile } from '../measuring/statistics.js';

/** How a balancer chooses the machine of a request. */
export type Balancing = 'in turn' | 'at random' | 'least in progress';

export interface Fleet {
  readonly machines: number;
  readonly workersPerMachine: number;
  readonly balancing: Balancing;
  /** A turn of a worker, and each frame in it, in milliseconds. */
  readonly turnMs: number;
  readonly frameMs: number;
  /** A photo, and the longest piece of it, after which frames are let in. */
  readonly photoMs: number;
  readonly pieceMs: number;
  /** Of the requests. */
  readonly photoShare: number;
}

/** Milliseconds that requests for frames take, by what photos beside them do to them. */
export interface FleetResult {
  readonly p50: number;
  readonly p99: number;
}

interface Worker {
  /** Requests that wait: indices. */
  waiting: number[];
  /** Requests that its turn answers. */
  turn: readonly number[];
  /** Of the photo that was begun. */
  photo: { readonly index: number; leftMs: number } | null;
  /** `Infinity` while it has nothing to do. */
  endMs: number;
  isPiece: boolean;
}

const MOST_IMAGES_PER_TURN = 64;
/** The queue is empty at first, which is not how a busy fleet is. */
const NOT_COUNTED = 0.1;

/**
 * Requests of one image each that come to a fleet at random times (as Poisson's), some of them photos.
 * @param utilization of its workers by what the requests cost where turns are full, 0 to 1
 * @param requests how many
 */
export function simulateFleet(
  fleet: Fleet,
  utilization: number,
  requests: number,
  random: Random,
): FleetResult {
  const { machines, workersPerMachine, turnMs, frameMs, photoMs, pieceMs, photoShare } = fleet;
  const workers = Array.from({ length: machines * workersPerMachine }, (): Worker => {
    return { waiting: [], turn: [], photo: null, endMs: Infinity, isPiece: false };
  });
  const meanMs = photoShare * photoMs + (1 - photoShare) * (frameMs + turnMs / MOST_IMAGES_PER_TURN);
  const everyMs = meanMs / (workers.length * utilization);
  const isPhoto = Uint8Array.from({ length: requests }, () => Number(random() < photoShare));
  const cameMs = new Float64Array(requests);
  const latenciesMs: number[] = [];

  /** Frames first, then a piece of a photo. */
  const begin = (worker: Worker, nowMs: number, wasPiece = false): void => {
    const frames = worker.waiting.filter((index) => !isPhoto[index]).slice(0, MOST_IMAGES_PER_TURN);
    const first = worker.waiting.find((index) => isPhoto[index]);
    if (!worker.photo && first !== undefined) worker.photo = { index: first, leftMs: photoMs };
    const { photo } = worker;
    if (photo && (frames.length === 0 || !wasPiece)) {
      const ms = Math.min(pieceMs, photo.leftMs);
      photo.leftMs -= ms;
      worker.turn = photo.leftMs > 0 ? [] : [photo.index];
      if (photo.leftMs <= 0) worker.photo = null;
      worker.endMs = nowMs + ms;
      worker.isPiece = true;
    } else {
      worker.turn = frames;
      worker.endMs = frames.length > 0 ? nowMs + turnMs + frameMs * frames.length : Infinity;
      worker.isPiece = false;
    }
    const taken = new Set(worker.turn);
    worker.waiting = worker.waiting.filter((index) => !taken.has(index));
  };
  const runUntil = (nowMs: number): void => {
    for (;;) {
      const worker = workers.reduce((a, b) => (b.endMs < a.endMs ? b : a));
      if (worker.endMs > nowMs || worker.endMs === Infinity) return;
      for (const index of worker.turn) {
        if (isPhoto[index] || index < NOT_COUNTED * requests) continue;
        latenciesMs.push(worker.endMs - (cameMs[index] ?? NaN));
      }
      begin(worker, worker.endMs, worker.isPiece);
    }
  };
  const inProgress = (machine: number): number => {
    let sum = 0;
    for (let i = 0; i < workersPerMachine; i++) {
      const worker = workers[machine * workersPerMachine + i];
      sum += worker ? worker.waiting.length + worker.turn.length : 0;
    }
    return sum;
  };
  const choose = (index: number): number => {
    if (fleet.balancing === 'in turn') return index % machines;
    const any = Math.floor(random() * machines);
    if (fleet.balancing === 'at random') return any;
    let best = any;
    // From any on, so that not always the first of equals is chosen.
    for (let i = 1; i < machines; i++) {
      const other = (any + i) % machines;
      if (inProgress(other) < inProgress(best)) best = other;
    }
    return best;
  };

  let nowMs = 0;
  for (let index = 0; index < requests; index++) {
    nowMs += -everyMs * Math.log(1 - random());
    runUntil(nowMs);
    cameMs[index] = nowMs;
    // Within a machine the worker is that of the connection.
    const worker = workers[choose(index) * workersPerMachine + Math.floor(random() * workersPerMachine)];
    if (!worker) continue;
    worker.waiting.push(index);
    if (worker.endMs === Infinity) begin(worker, nowMs);
  }
  runUntil(Infinity);
  const sorted = Float64Array.from(latenciesMs).toSorted();
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}
