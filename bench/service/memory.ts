import { grouped } from '../../src/evaluation/report.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { startBenchService } from '../serving/bench-service.js';
import { FORMATS, LARGE_REQUEST } from '../inputs/images.js';
import { CAN_SEE_PROCESSES, residentBytes } from '../serving/processes.js';
import { slope, summarize } from '../measuring/statistics.js';

const IMAGES = 1_000_000;
const QUICK_IMAGES = 8_000;
/** How often memory is looked at. */
const STAGES = 40;
/** Rows of the table. */
const SHOWN = 10;
const SIZES = [1, LARGE_REQUEST] as const;
const CONNECTIONS = { 1: 64, [LARGE_REQUEST]: 8 };
/** `npm run bench -- memory` */
export const memoryBenchmark: Benchmark = {
  name: 'memory',
  question: 'Does a worker keep to its memory over a million images?',
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  if (!CAN_SEE_PROCESSES) {
    return {
      method: 'Skipped: only Linux tells the memory of other processes.',
      columns: [],
      rows: [],
      notes: [],
    };
  }
  const total = quick ? QUICK_IMAGES : IMAGES;
  const { server, run: load, close } = await startBenchService(model, SIZES);
  try {
    const resident = (): number[] => server.workers().map((pid) => residentBytes(pid) / 1e6);
    const workers = server.workers().join();
    const samples = [{ images: 0, megabytes: resident() }];
    let images = 0;
    for (let stage = 0; stage < STAGES; stage++) {
      const size = SIZES[stage % 2] ?? 1;
      const format = FORMATS[Math.floor(stage / 2) % 2] ?? 'PNG';
      const requests = Math.ceil(total / STAGES / size);
      const closed = {
        kind: 'closed',
        connections: CONNECTIONS[size],
        until: { requests },
        checks: true,
      } as const;
      images += (await load(format, size, closed)).images;
      samples.push({ images, megabytes: resident() });
    }
    if (server.workers().join() !== workers)
      throw new Error('A worker was replaced: there is nothing to compare.');
    const later = samples.slice(samples.length >> 1);
    const slopes = (later[0]?.megabytes ?? []).map((_, worker) =>
      slope(
        later.map((sample) => sample.images / 1e6),
        later.map(({ megabytes }) => megabytes[worker] ?? NaN),
      ),
    );
    const steepest = Math.max(...slopes);
    const last = samples.at(-1)?.megabytes ?? [];
    return {
      method:
        'Resident memory of each worker, in MB, after each number of images: PNG and JPEG files of 28 x 28, one per ' +
        `request on ${CONNECTIONS[1]} connections and ${LARGE_REQUEST} per request on ` +
        `${CONNECTIONS[LARGE_REQUEST]}, in turn. Every answer was compared with what the model says.`,
      columns: ['images', ...last.map((_, worker) => `worker ${worker + 1}, MB`)],
      rows: samples
        .filter((_, index) => index % (STAGES / SHOWN) === 0)
        .map((sample) => [grouped(sample.images), ...sample.megabytes.map((value) => value.toFixed(0))]),
      notes: [
        `Over the second half the worker that grew most did so by ${steepest.toFixed(1)} MB for each million ` +
          `images (least squares over ${later.length} samples), and the largest one stayed within ` +
          `${spreadOf(later.map(({ megabytes }) => Math.max(...megabytes)))} MB.`,
      ],
      figures: { residentMegabytes: Math.max(...last), residentGrowth: steepest },
    };
  } finally {
    await close();
  }
}

function spreadOf(samples: readonly number[]): string {
  const { min, max } = summarize(samples);
  return `${min.toFixed(0)} to ${max.toFixed(0)}`;
}
