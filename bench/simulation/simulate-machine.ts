import type { Random } from '../../src/random.js';
import { percentile } from '../measuring/statistics.js';
import { FairCores, type Task } from './fair-cores.js';

/** What work costs, in milliseconds of one core. */
export interface Costs {
  /** A turn of a worker, however many images it takes: waking up, system calls, starting an inference. */
  readonly turnMs: number;
  /** An image more in a turn. */
  readonly imageMs: number;
  /** The program that asks: a request sent, an answer read. */
  readonly sendMs: number;
  readonly receiveMs: number;
  /** Pauses of a worker (collecting garbage, other work of the machine): on average one in `everyMs` of its time. */
  readonly pause: { readonly everyMs: number; readonly meanMs: number };
}

/** One machine, shared by the service and the program that asks it. */
export interface Machine {
  readonly cores: number;
  readonly workers: number;
  readonly costs: Costs;
}

/** Requests at even times, whatever becomes of those before. */
export interface EvenLoad {
  readonly perSecond: number;
  readonly imagesPerRequest: number;
  readonly requests: number;
  /** The sender wakes at these intervals and sends what is due. */
  readonly beatMs: number;
}

/** From the time a request was due to its answer, in milliseconds. */
export interface Simulated {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** Share of all cores that was in use. */
  readonly utilization: number;
  /** Images in a turn, on average. */
  readonly meanBatch: number;
}

/** Of the service: images that a turn takes at most (`src/server/classify`). */
const MOST_IMAGES_PER_TURN = 64;

/**
 * A machine under load, event by event: the sender and the workers share the cores as processes do, and a worker takes
 * in one turn whatever waits for it, up to 64 images. Random are
 * the worker that a request comes to, and pauses.
 */
export function simulateMachine(
  { cores: count, workers, costs }: Machine,
  load: EvenLoad,
  random: Random,
): Simulated {
  const { perSecond, imagesPerRequest, requests, beatMs } = load;
  const cores = new FairCores(count);
  const latenciesMs: number[] = [];
  const dueMs = (index: number): number => (index * 1000) / perSecond;
  const answers: number[] = [];
  let due = 0;
  let sent = 0;
  let turns = 0;

  const pauses = (workMs: number): number => {
    const { everyMs, meanMs } = costs.pause;
    let sum = 0;
    for (let ms = exponential(random, everyMs); ms < workMs; ms += exponential(random, everyMs)) {
      sum += exponential(random, meanMs);
    }
    return sum;
  };
  const queues = Array.from({ length: workers }, (): number[] => []);
  const tasks = queues.map((queue): Task => {
    return cores.add(() => {
      if (queue.length === 0) return null;
      const most = Math.max(1, Math.floor(MOST_IMAGES_PER_TURN / imagesPerRequest));
      const taken = queue.splice(0, most);
      turns += 1;
      const workMs = costs.turnMs + costs.imageMs * taken.length * imagesPerRequest;
      return {
        ms: workMs + pauses(workMs),
        end: () => {
          answers.push(...taken);
          cores.wake(sender);
        },
      };
    });
  });
  const sender: Task = cores.add(() => {
    const first = sent;
    const read = answers.splice(0);
    sent = due;
    if (sent === first && read.length === 0) return null;
    return {
      ms: costs.sendMs * (sent - first) + costs.receiveMs * read.length,
      end: (nowMs) => {
        for (const index of read) latenciesMs.push(nowMs - dueMs(index));
        for (let index = first; index < sent; index++) {
          // Connections are used in the order in which they were answered, which soon is not that of the workers.
          const worker = Math.floor(random() * workers);
          queues[worker]?.push(index);
          const task = tasks[worker];
          if (task) cores.wake(task);
        }
      },
    };
  });
  for (let beat = 1; latenciesMs.length < requests; beat++) {
    cores.runUntil(beat * beatMs);
    const passed = Math.min(requests, Math.floor((beat * beatMs * perSecond) / 1000) + 1);
    if (passed === due) continue;
    due = passed;
    cores.wake(sender);
  }
  const sorted = Float64Array.from(latenciesMs).toSorted();
  return {
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    p999: percentile(sorted, 0.999),
    utilization: cores.busyMs / (count * cores.nowMs),
    meanBatch: (requests * imagesPerRequest) / turns,
  };
}

function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random());
}
