import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { shippedModelPath } from '../../src/model/model-paths.js';
import { ModelStore } from '../../src/store/model-store.js';
import { readStatuses } from '../../src/store/service-status.js';
import type { OpenLoop } from '../load/open-loop.js';
import type { LoadResult } from '../load/tally.js';
import { startLoadGenerator } from '../load/load-generator.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { bodiesName, runLoad } from '../serving/bench-service.js';
import { imageOrigin, writeImages, requestBodies } from '../inputs/images.js';
import { writeMarkedCopies } from '../serving/marked-versions.js';
import { summarize } from '../measuring/statistics.js';
import { CAN_SEE_PROCESSES, residentBytes } from '../serving/processes.js';
import { startServer, freePort } from '../serving/server-process.js';
import { CLASSIFY_PATH, SERVICE_READY } from '../serving/service.js';

const SWAPS = 100;
const QUICK_SWAPS = 4;
const CAPACITY_MS = 2500;
const LOAD = { kind: 'open', connections: 64, maxConnections: 1024, checks: false } as const;
/** The figure that the service is judged by: p99 during the swaps, as a multiple of that without. */
const MOST = 1.5;

/** `npm run bench -- swaps` */
export const swapsBenchmark: Benchmark = {
  name: 'swaps',
  question: 'What do swaps of the model cost the requests that come meanwhile?',
  run,
};

/** In turn, so that each swap loads one that was not kept. */
const VERSIONS = 3;

async function makeStore(dir: string, model: string): Promise<ModelStore> {
  const store = new ModelStore(dir);
  for (const path of writeMarkedCopies(model, join(dir, 'copies'), VERSIONS)) await store.add(path);
  await store.use(1);
  return store;
}

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const swaps = quick ? QUICK_SWAPS : SWAPS;
  const dir = mkdtempSync(join(tmpdir(), 'inkdigit-bench-swaps-'));
  const generator = await startLoadGenerator();
  try {
    const store = await makeStore(dir, model);
    const images = await writeImages('PNG', model);
    await generator.keep(bodiesName('PNG', 1), requestBodies(images, 1));
    const port = await freePort();
    const bin = join(import.meta.dirname, '..', '..', 'bin', 'inkdigit.mjs');
    const args = [bin, 'serve', '--port', String(port), '--models', dir, '--canary-ms', '200'];
    const server = await startServer({ file: process.execPath, args }, port, SERVICE_READY);
    try {
      const load = (settings: Parameters<typeof runLoad>[5]): Promise<LoadResult> =>
        runLoad(generator, server, CLASSIFY_PATH, 'PNG', 1, settings);
      const capacity = {
        kind: 'closed',
        connections: 64,
        until: { ms: CAPACITY_MS },
        checks: false,
      } as const;
      await load(capacity);
      const perSecond = (await load(capacity)).imagesPerSecond / 2;
      const swapping = swapAll(store, swaps);
      const startedMs = performance.now();
      const during: LoadResult[] = [];
      while (!swapping.isOver())
        during.push(await load({ ...LOAD, perSecond, ms: CAPACITY_MS } satisfies OpenLoop));
      await swapping.ended;
      const seconds = (performance.now() - startedMs) / 1000;
      await store.use(1);
      await settled(store, 1);
      const resident = server.workers().map((pid) => (CAN_SEE_PROCESSES ? residentBytes(pid) / 1e6 : NaN));
      const quiet: LoadResult[] = [];
      for (let i = 0; i < during.length; i++) {
        quiet.push(await load({ ...LOAD, perSecond, ms: CAPACITY_MS } satisfies OpenLoop));
      }
      const p99 = (of: readonly LoadResult[]): number => medianOf(of.map(({ latencyMs }) => latencyMs.p99));
      const ratio = p99(during) / p99(quiet);
      const row = (name: string, of: readonly LoadResult[]): string[] => [
        name,
        medianOf(of.map(({ latencyMs }) => latencyMs.p50)).toFixed(2),
        p99(of).toFixed(2),
        medianOf(of.map(({ latencyMs }) => latencyMs.p999)).toFixed(2),
      ];
      return {
        method:
          `${swaps} swaps between three versions of one cost, one after the other, within ${seconds.toFixed(0)} s, ` +
          `under PNG files of 28 x 28 (${imageOrigin()}), one per request, at half of what the service was just ` +
          'found to get done; ' +
          `then the same load without swaps. Medians of ${during.length} rounds of ${CAPACITY_MS / 1000} s.`,
        columns: ['', 'median, ms', 'p99, ms', 'p99.9, ms'],
        rows: [row(`${swaps} swaps`, during), row('no swaps', quiet)],
        notes: [
          `p99 during the swaps is ${ratio.toFixed(2)} times that without; at most ${MOST} was aimed at. Every ` +
            'request was answered with status 200.',
          `Memory of the workers afterwards: ${resident.map((value) => value.toFixed(0)).join(' and ')} MB.`,
        ],
      };
    } finally {
      await server.stop();
    }
  } finally {
    await generator.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Swaps one after the other, each as soon as the one before it serves everywhere. */
function swapAll(store: ModelStore, swaps: number): { readonly ended: Promise<void>; isOver(): boolean } {
  let isOver = false;
  const work = async (): Promise<void> => {
    for (let swap = 0; swap < swaps; swap++) {
      const version = ((swap + 1) % VERSIONS) + 1;
      await store.use(version);
      await settled(store, version);
    }
  };
  const ended = work().finally(() => {
    isOver = true;
  });
  ended.catch(() => {});
  return { ended, isOver: () => isOver };
}

const LOOK_MS = 20;
const TIMEOUT_MS = 120_000;

async function settled(store: ModelStore, version: number): Promise<void> {
  const endMs = performance.now() + TIMEOUT_MS;
  for (;;) {
    const [status] = await readStatuses(store.dir);
    if (status?.state === 'serving' && status.serving === version) return;
    if (performance.now() > endMs) {
      throw new Error(
        `Version ${version} does not serve: ${status?.refused?.reason ?? 'no service says why'}`,
      );
    }
    await delay(LOOK_MS);
  }
}

function medianOf(values: readonly number[]): number {
  return summarize(values).median;
}
