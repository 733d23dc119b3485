import { grouped } from '../../src/evaluation/report.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import type { OpenLoop } from '../load/open-loop.js';
import type { LoadResult } from '../load/tally.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { startBenchService } from '../serving/bench-service.js';
import { FORMATS, LARGE_REQUEST, type Format } from '../inputs/images.js';
import { compare, summarize } from '../measuring/statistics.js';

const SIZES = [1, LARGE_REQUEST] as const;
/** Requests a second of a service that has nothing else to do. */
const IDLE_PER_SECOND = 20;
const IDLE_LOAD = {
  kind: 'open',
  perSecond: IDLE_PER_SECOND,
  connections: 1,
  maxConnections: 1,
  checks: true,
} as const;
/** Many clients; more are opened where all wait. */
const BUSY_LOAD = { kind: 'open', connections: 64, maxConnections: 1024, checks: false } as const;
const CAPACITY_CONNECTIONS = { 1: 64, [LARGE_REQUEST]: 8 };

interface Round {
  readonly idle: LoadResult;
  readonly half: LoadResult;
  /** Of the loop at half of capacity. */
  readonly perSecond: number;
}

/** `npm run bench -- latency` */
export const latencyBenchmark: Benchmark = {
  name: 'latency',
  question: 'How long does a request take when the service is idle, and at half of its capacity?',
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const rounds = quick ? 1 : 5;
  const ms = quick ? 300 : 2500;
  const { run: load, close } = await startBenchService(model, SIZES);
  try {
    const cells = SIZES.flatMap((size) =>
      FORMATS.map((format) => ({ size, format, rounds: new Array<Round>() })),
    );
    const capacity = async (format: Format, size: (typeof SIZES)[number]): Promise<number> => {
      const connections = CAPACITY_CONNECTIONS[size];
      const closed = { kind: 'closed', connections, until: { ms: ms / 2 }, checks: false } as const;
      return (await load(format, size, closed)).imagesPerSecond / size;
    };
    for (const { format, size } of cells) await capacity(format, size);
    for (let round = 0; round < rounds; round++) {
      for (const { format, size, rounds: own } of cells) {
        const perSecond = Math.max(1, (await capacity(format, size)) / 2);
        const idle = await load(format, size, { ...IDLE_LOAD, ms } satisfies OpenLoop);
        const half = await load(format, size, { ...BUSY_LOAD, perSecond, ms } satisfies OpenLoop);
        own.push({ idle, half, perSecond });
      }
    }
    const ratio = (of: readonly Round[]): number =>
      compare(
        of.map(({ half }) => half.latencyMs.p99),
        of.map(({ idle }) => idle.latencyMs.p50),
      ).median;
    const [small] = cells;
    const late = (value: (result: LoadResult) => number): string =>
      summarize((small?.rounds ?? []).map(({ half }) => value(half))).median.toFixed(2);
    return {
      method:
        'Milliseconds from the time a request was due to its answer, the requests at even times whatever becomes of ' +
        `those before: ${IDLE_PER_SECOND} a second on one connection, and half of what the service was just found ` +
        `to get done, on ${BUSY_LOAD.connections} connections that take turns. Medians of ${rounds} rounds of ` +
        `${ms / 1000} s each, taken in turn in one run.`,
      columns: [
        'files',
        'images per request',
        'requests/s',
        'median, ms',
        'p99, ms',
        'p99.9, ms',
        'p99 / idle median',
      ],
      rows: cells.flatMap(({ size, format, rounds: own }) => {
        const row = (results: readonly LoadResult[], perSecond: number, last: string): string[] => {
          const middle = (value: (result: LoadResult) => number): string =>
            summarize(results.map(value)).median.toFixed(2);
          return [
            format,
            String(size),
            grouped(Math.round(perSecond)),
            middle(({ latencyMs }) => latencyMs.p50),
            middle(({ latencyMs }) => latencyMs.p99),
            middle(({ latencyMs }) => latencyMs.p999),
            last,
          ];
        };
        const halfRate = summarize(own.map(({ perSecond }) => perSecond)).median;
        return [
          row(
            own.map(({ idle }) => idle),
            IDLE_PER_SECOND,
            '',
          ),
          row(
            own.map(({ half }) => half),
            halfRate,
            `${ratio(own).toFixed(1)}x`,
          ),
        ];
      }),
      notes: [
        'The last column is what the p99 at half of capacity is, as a multiple of the median of the idle service ' +
          'in the same round. The sender takes its share of the same cores; by how much it was late itself is in ' +
          `the figures: at half of capacity ${late(({ lateMs }) => lateMs.p50)} ms in the median and ` +
          `${late(({ lateMs }) => lateMs.p99)} ms at p99, one PNG file per request.`,
        `Requests that could not be sent, as all connections allowed were waiting: ${cells
          .flatMap(({ rounds: own }) => own)
          .reduce((sum, { half, idle }) => sum + half.unsent + idle.unsent, 0)}.`,
      ],
      figures: { p99BesideIdle: small ? ratio(small.rounds) : NaN },
    };
  } finally {
    await close();
  }
}
