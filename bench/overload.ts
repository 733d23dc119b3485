import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { grouped } from '../src/evaluation/report.js';
import { shippedModelPath } from '../src/model/model-paths.js';
import type { LoadResult } from './load/tally.js';
import { startLoadGenerator } from './load/load-generator.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from './report.js';
import { bodiesName } from './serving/bench-service.js';
import { drawImages, LARGE_REQUEST, requestBodies } from './serving/images.js';
import { residentBytes } from './serving/processes.js';
import { CLASSIFY_PATH, startService } from './serving/service.js';
import { summarize } from './statistics.js';

/** Of capacity, in requests a second. */
const LOADS = [1, 2, 10] as const;
const CAPACITY_CONNECTIONS = 8;
const MOST_CONNECTIONS = 1024;
const LIVENESS_EVERY_MS = 100;
/** Of the sender. */
const NAP_MS = 5;

/** What one load came to. */
interface Episode {
  readonly times: number;
  readonly perSecond: number;
  readonly result: LoadResult;
  readonly capacity: number;
  readonly slowestLivezMs: number;
  /** Processor time, as a number of cores that are busy all the while. */
  readonly cores: { readonly service: number; readonly sender: number };
  readonly residentMb: readonly number[];
}

/** `npm run bench -- overload` */
export const overloadBenchmark: Benchmark = {
  name: 'overload',
  question: 'What does the service do with more than it can?',
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const ms = quick ? 500 : 60_000;
  const generator = await startLoadGenerator();
  await generator.keep(
    bodiesName('PNG', LARGE_REQUEST),
    requestBodies(await drawImages('PNG', model), LARGE_REQUEST),
  );
  const server = await startService(model);
  try {
    const target = { port: server.port, path: CLASSIFY_PATH };
    const capacity = async (): Promise<number> => {
      const until = { ms: quick ? 500 : 5000 };
      const load = { kind: 'closed', connections: CAPACITY_CONNECTIONS, until, checks: true } as const;
      return (await generator.run(bodiesName('PNG', LARGE_REQUEST), target, load)).imagesPerSecond;
    };
    await capacity();
    const episodes: Episode[] = [];
    for (const times of LOADS) {
      const before = await capacity();
      const perSecond = (times * before) / LARGE_REQUEST;
      const watch = watchLiveness(server.port);
      const startedMs = performance.now();
      const used = (): number[] => [server, generator].map((each) => each.processorMicroseconds());
      const usedBefore = used();
      const result = await generator.run(bodiesName('PNG', LARGE_REQUEST), target, {
        kind: 'open',
        perSecond,
        ms,
        connections: 64,
        maxConnections: MOST_CONNECTIONS,
        napMs: NAP_MS,
        checks: true,
      });
      const [service = NaN, sender = NaN] = used().map(
        (microseconds, i) => (microseconds - (usedBefore[i] ?? NaN)) / 1000 / (performance.now() - startedMs),
      );
      const slowestLivezMs = await watch.end();
      const residentMb = server.workers().map((pid) => residentBytes(pid) / 1e6);
      const after = await capacity();
      episodes.push({
        times,
        perSecond,
        result,
        capacity: (before + after) / 2,
        slowestLivezMs,
        cores: { service, sender },
        residentMb,
      });
    }
    return describe(episodes, ms);
  } finally {
    await server.stop();
    await generator.close();
  }
}

function describe(episodes: readonly Episode[], ms: number): BenchmarkResult {
  return {
    method:
      `Requests of ${LARGE_REQUEST} PNG files of 28 x 28 at even times, whatever becomes of those before, for ${ms / 1000} s each: as many as ` +
      `the service was just found to get done, twice and ten times as many. The sender shares the cores; it wakes every ${NAP_MS} ms, sends what ` +
      'is due and reads what has come, as one that every answer wakes takes several times as much of them. Every answer is compared with ' +
      'what the model says without the service.',
    columns: [
      'of capacity',
      'requests/s',
      'images/s answered',
      'share of capacity',
      'answered',
      'refused (503)',
      'other answers',
      'wrong',
      'lost',
      'not sent',
      'median of answers, ms',
      '99 of 100, ms',
      'slowest /livez, ms',
      'service, cores',
      'sender, cores',
      'largest worker, MB',
    ],
    rows: episodes.map(({ times, perSecond, result, capacity, slowestLivezMs, cores, residentMb }) => {
      const { statuses, answered, imagesPerSecond, wrong, lost, unsent, latencyMs } = result;
      const refused = statuses[503] ?? 0;
      const all = Object.values(statuses).reduce((sum, count) => sum + count, 0);
      return [
        `${times}x`,
        grouped(Math.round(perSecond)),
        grouped(Math.round(imagesPerSecond)),
        `${((100 * imagesPerSecond) / capacity).toFixed(0)} %`,
        grouped(answered),
        grouped(refused),
        grouped(all - answered - refused),
        grouped(wrong),
        grouped(lost),
        grouped(unsent),
        latencyMs.p50.toFixed(0),
        latencyMs.p99.toFixed(0),
        slowestLivezMs.toFixed(0),
        cores.service.toFixed(2),
        cores.sender.toFixed(2),
        summarize(residentMb).max.toFixed(0),
      ];
    }),
    notes: [
      `Capacity is the mean of what closed loops on ${CAPACITY_CONNECTIONS} connections got done just before and just after. \`/livez\` was asked every ` +
        `${LIVENESS_EVERY_MS} ms, each time on a new connection. Not sent are requests that were due while all ${grouped(MOST_CONNECTIONS)} connections waited.`,
    ],
  };
}

/** Asks whether the service lives, again and again. */
function watchLiveness(port: number): { end: () => Promise<number> } {
  const state = { isOver: false, slowestMs: 0 };
  const asking = (async () => {
    while (!state.isOver) {
      state.slowestMs = Math.max(state.slowestMs, await timeToLivezMs(port));
      await delay(LIVENESS_EVERY_MS);
    }
  })();
  return {
    async end() {
      state.isOver = true;
      await asking;
      return state.slowestMs;
    },
  };
}

/** @throws Error where it is not answered with 200 */
function timeToLivezMs(port: number): Promise<number> {
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    get({ port, path: '/livez', agent: false }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 200) resolve(performance.now() - startedMs);
        else reject(new Error(`Expected 200 of /livez, got ${response.statusCode}.`));
      });
    }).once('error', reject);
  });
}
