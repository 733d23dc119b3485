import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canRunIdle, forkInBackground } from '../../src/idle-process.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import { ModelStore } from '../../src/store/model-store.js';
import { writeImages, imageOrigin, requestBodies } from '../inputs/images.js';
import { startLoadGenerator } from '../load/load-generator.js';
import type { Latencies, LoadResult } from '../load/tally.js';
import { Others } from '../measuring/others.js';
import { compare, summarize } from '../measuring/statistics.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { bodiesName, runLoad } from '../serving/bench-service.js';
import { writeMarkedCopies } from '../serving/marked-versions.js';
import { CAN_SEE_PROCESSES, residentBytes } from '../serving/processes.js';
import { freePort, startServer } from '../serving/server-process.js';
import { CLASSIFY_PATH, SERVICE_READY } from '../serving/service.js';
import { Swapping } from '../serving/swapping.js';

/** Without swaps, with some, and beside other work; in full, all rounds take more than seven minutes on two cores. */
const FULL = { swaps: 100, quietMs: 4000, swapsMs: 8000, otherMs: 4000 };
const QUICK = { swaps: 10, quietMs: 2500, swapsMs: 5000, otherMs: 2500 };
const CAPACITY_MS = 2500;
/**
 * To measure the capacity: requests that come evenly make small batches, as those of few connections do. Half of what
 * 64 connections get done, in large batches, would be all that the machine can do.
 */
const CAPACITY_CONNECTIONS = 8;
const LOAD = { kind: 'open', connections: 64, maxConnections: 1024, checks: false } as const;
/** Rounds in which others took more of the machine say nothing about the service. */
const LARGEST_OTHERS_SHARE = 0.1;
/** Rounds end after this multiple of the swaps that are needed. */
const MOST_SWAPS = 2;
/** In turn, so that each swap loads one that was not kept. */
const VERSIONS = 3;
const BUSY_PROGRAM = fileURLToPath(new URL('../serving/busy-program.mjs', import.meta.url));

/** `npm run bench -- swaps` */
export const swapsBenchmark: Benchmark = {
  name: 'swaps',
  question: 'What do swaps of the model cost the requests that come meanwhile?',
  run,
};

type Kind = 'quiet' | 'swaps' | 'other';

/** One after the other: what slows a whole round slows all of it. */
interface Round {
  /** Without swaps, with them, and beside a process that computes without pause, of the priority of trying. */
  readonly loads: Readonly<Record<Kind, LoadResult>>;
  /** How many swaps there were, and what they took together. */
  readonly count: number;
  readonly ms: number;
  /** What others took of the machine meanwhile, 0..1. */
  readonly othersShare: number;
}

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const settings = quick ? QUICK : FULL;
  const dir = mkdtempSync(join(tmpdir(), 'inkdigit-bench-swaps-'));
  const generator = await startLoadGenerator();
  try {
    const store = new ModelStore(dir);
    for (const path of writeMarkedCopies(model, join(dir, 'copies'), VERSIONS)) await store.add(path);
    await store.use(1);
    await generator.keep(bodiesName('PNG', 1), requestBodies(await writeImages('PNG', model), 1));
    const port = await freePort();
    const bin = join(import.meta.dirname, '..', '..', 'bin', 'inkdigit.mjs');
    const args = [bin, 'serve', '--port', String(port), '--models', dir, '--canary-ms', '200'];
    const server = await startServer({ file: process.execPath, args }, port, SERVICE_READY);
    try {
      const send = (load: Parameters<typeof runLoad>[5]): Promise<LoadResult> =>
        runLoad(generator, server, CLASSIFY_PATH, 'PNG', 1, load);
      const closed = {
        kind: 'closed',
        connections: CAPACITY_CONNECTIONS,
        until: { ms: CAPACITY_MS },
        checks: false,
      } as const;
      await send(closed);
      const perSecond = (await send(closed)).imagesPerSecond / 2;
      const swapping = new Swapping(store, VERSIONS);
      const rounds: Round[] = [];
      while (countOf(undisturbed(rounds)) < settings.swaps && countOf(rounds) < MOST_SWAPS * settings.swaps) {
        const others = new Others();
        const quiet = await send({ ...LOAD, perSecond, ms: settings.quietMs });
        const [startedMs, before] = [performance.now(), swapping.swaps];
        const swaps = await during(send({ ...LOAD, perSecond, ms: settings.swapsMs }), (isOver) =>
          swapping.swapUntil(isOver),
        );
        const [ms, count] = [performance.now() - startedMs, swapping.swaps - before];
        const other = await besideOtherWork(() => send({ ...LOAD, perSecond, ms: settings.otherMs }));
        rounds.push({ loads: { quiet, swaps, other }, count, ms, othersShare: others.share() });
      }
      const memory = server
        .workers()
        .map((pid) => (CAN_SEE_PROCESSES ? (residentBytes(pid) / 1e6).toFixed(0) : 'unknown'));
      return report(rounds, { perSecond, memory, settings });
    } finally {
      await server.stop();
    }
  } finally {
    await generator.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function undisturbed(rounds: readonly Round[]): Round[] {
  return rounds.filter(({ othersShare }) => !(othersShare > LARGEST_OTHERS_SHARE));
}

function countOf(rounds: readonly Round[]): number {
  return rounds.reduce((sum, { count }) => sum + count, 0);
}

/** Does work for as long as a load lasts, and ends with both. */
async function during(
  load: Promise<LoadResult>,
  work: (isOver: () => boolean) => Promise<void>,
): Promise<LoadResult> {
  let isOver = false;
  const ended = load.finally(() => {
    isOver = true;
  });
  const [result] = await Promise.all([ended, work(() => isOver)]);
  return result;
}

async function besideOtherWork(send: () => Promise<LoadResult>): Promise<LoadResult> {
  const busy = forkInBackground(BUSY_PROGRAM, (await canRunIdle()) ? 'idle' : 'low');
  try {
    return await send();
  } finally {
    busy.kill('SIGKILL');
  }
}

interface Setting {
  readonly perSecond: number;
  readonly memory: readonly string[];
  readonly settings: typeof FULL;
}

function report(measured: readonly Round[], { perSecond, memory, settings }: Setting): BenchmarkResult {
  const kept = undisturbed(measured);
  const rounds = kept.length > 0 ? kept : measured;
  const count = countOf(rounds);
  const ms = rounds.reduce((sum, round) => sum + round.ms, 0);
  const largest = Math.max(...rounds.map(({ othersShare }) => othersShare));
  const all = (kind: Kind): LoadResult[] => rounds.map(({ loads }) => loads[kind]);
  const middle = (kind: Kind, of: (latencies: Latencies) => number): string =>
    summarize(all(kind).map(({ latencyMs }) => of(latencyMs))).median.toFixed(2);
  const p99 = (kind: Kind): number[] => all(kind).map(({ latencyMs }) => latencyMs.p99);
  const row = (name: string, kind: Kind): string[] => [
    name,
    middle(kind, ({ p50 }) => p50),
    middle(kind, (latencies) => latencies.p99),
    middle(kind, ({ p999 }) => p999),
    `${compare(p99(kind), p99('quiet')).median.toFixed(2)}x`,
  ];
  const ratio = compare(p99('swaps'), p99('quiet'));
  const late = (kind: Kind): string => summarize(all(kind).map(({ lateMs }) => lateMs.p99)).median.toFixed(2);
  return {
    method:
      `${count} swaps between ${VERSIONS} versions of one cost, one after the other, ` +
      `${(ms / count / 1000).toFixed(1)} s each, under ${perSecond.toFixed(0)} requests a second with one PNG ` +
      `file of 28 x 28 each (${imageOrigin()}): ` +
      `half of what ${CAPACITY_CONNECTIONS} connections were just found to get done. ` +
      `Medians of ${rounds.length} rounds of ` +
      `${settings.quietMs / 1000} s without swaps, ${settings.swapsMs / 1000} s with them, and ` +
      `${settings.otherMs / 1000} s beside a process that computes without pause, of the priority that versions are ` +
      'tried at.',
    columns: ['', 'median, ms', 'p99, ms', 'p99.9, ms', 'p99 / without'],
    rows: [row('without swaps', 'quiet'), row(`${count} swaps`, 'swaps'), row('beside other work', 'other')],
    notes: [
      `p99 during the swaps is ${ratio.median.toFixed(2)} times that without in the same round (from ` +
        `${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)}). The last row is what this ` +
        'machine makes of any process of that priority. Every request was answered with status 200.',
      `The sender takes its share of the same cores; it was late itself by ${late('quiet')} ms at p99 without swaps, ` +
        `${late('swaps')} ms with them, which is in the figures.`,
      kept.length > 0
        ? `Rounds left out, as others took more than ${100 * LARGEST_OTHERS_SHARE} % of the machine: ` +
          `${measured.length - kept.length}.`
        : `Others took up to ${(100 * largest).toFixed(0)} % of the machine: the figures mean nothing.`,
      `Memory of the workers afterwards: ${memory.join(' and ')} MB.`,
    ],
    figures: { p99BesideSwaps: kept.length > 0 ? ratio.median : NaN },
  };
}
