import { grouped } from '../../src/evaluation/report.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import type { LoadResult } from '../load/tally.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { startBenchService } from '../serving/bench-service.js';
import { LARGE_REQUEST } from '../inputs/images.js';
import { residentBytes } from '../serving/processes.js';
import { summarize } from '../measuring/statistics.js';

const CONNECTIONS = [1, 8, 64, 256] as const;
const SIZES = [1, LARGE_REQUEST] as const;
/** All that is open at once: what is refused tells nothing of how long the rest takes. */
const MOST_IMAGES = Math.max(...CONNECTIONS) * LARGE_REQUEST;

interface Sample extends LoadResult {
  readonly microsecondsAnImage: number;
  /** Of the largest worker. */
  readonly residentMegabytes: number;
}

/** `npm run bench -- connections` */
export const connectionsBenchmark: Benchmark = {
  name: 'connections',
  question: 'What does the service do with few and with many requests open at once?',
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const rounds = quick ? 1 : 3;
  const ms = quick ? 200 : 1500;
  const { server, run: load, close } = await startBenchService(model, SIZES, MOST_IMAGES);
  try {
    const cells = SIZES.flatMap((size) => CONNECTIONS.map((connections) => ({ size, connections })));
    const measure = async ({ size, connections }: (typeof cells)[number]): Promise<Sample> => {
      const usedBefore = server.processorMicroseconds();
      const result = await load('PNG', size, { kind: 'closed', connections, until: { ms }, checks: false });
      return {
        ...result,
        microsecondsAnImage: (server.processorMicroseconds() - usedBefore) / result.images,
        residentMegabytes: Math.max(...server.workers().map(residentBytes)) / 1e6,
      };
    };
    for (const cell of cells.slice(-CONNECTIONS.length)) await measure(cell);
    const samples = cells.map((): Sample[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [index, cell] of cells.entries()) samples[index]?.push(await measure(cell));
    }
    return {
      method:
        'PNG files of 28 x 28, sent as JSON by one more process on the same machine, each connection with one ' +
        `request open all the time: medians of ${rounds} rounds of ${ms / 1000} s each, taken in turn in one run.`,
      columns: [
        'batch',
        'connections',
        'images/s',
        'median, ms',
        'p99, ms',
        'p99.9, ms',
        'µs/image',
        'worker, MB',
      ],
      rows: cells.map(({ size, connections }, index) => {
        const middle = (value: (sample: Sample) => number, digits: number): string => {
          const values = (samples[index] ?? []).map(value);
          return values.every(Number.isFinite) ? summarize(values).median.toFixed(digits) : 'unknown';
        };
        return [
          String(size),
          String(connections),
          grouped(Number(middle((sample) => sample.imagesPerSecond, 0))),
          middle((sample) => sample.latencyMs.p50, 2),
          middle((sample) => sample.latencyMs.p99, 2),
          middle((sample) => sample.latencyMs.p999, 2),
          middle((sample) => sample.microsecondsAnImage, 0),
          middle((sample) => sample.residentMegabytes, 0),
        ];
      }),
      notes: [
        'With every connection in use all the time, requests wait for one another: what a request takes when ' +
          'there is room is in the next section.',
      ],
    };
  } finally {
    await close();
  }
}
