import { availableParallelism } from 'node:os';
import { grouped } from '../../src/evaluation/report.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import { startLoadGenerator, type LoadGenerator } from '../load/load-generator.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { bodiesName, runLoad } from '../serving/bench-service.js';
import { httpBaselinePath, startHttpBaseline } from '../serving/http-baseline.js';
import { startFlaskPeer, whyNoFlask } from '../peers/flask-peer.js';
import { drawImages, FORMATS, LARGE_REQUEST, requestBodies, type Format } from '../inputs/images.js';
import { startUpperBound, type UpperBound } from '../serving/upper-bound.js';
import type { ServerProcess } from '../serving/server-process.js';
import { CLASSIFY_PATH, startService } from '../serving/service.js';
import { fraction } from '../report/standing.js';
import { compare, summarize } from '../measuring/statistics.js';

/** Requests that are open at once: as many as keep every worker busy. */
const LARGE_CONNECTIONS = 16;
const CONNECTIONS: Readonly<Record<number, number>> = { 1: 64, [LARGE_REQUEST]: LARGE_CONNECTIONS };
/** All that is open at once: one process may have most of the connections, and what it refuses is not measured. */
const MOST_IMAGES = LARGE_CONNECTIONS * LARGE_REQUEST;
const SIZES = [1, LARGE_REQUEST] as const;

/** `npm run bench -- capacity` */
export const capacityBenchmark: Benchmark = {
  name: 'capacity',
  question: 'How much does the service get done, compared with its upper bounds and with Flask and PyTorch?',
  run,
};

/** One measurement of one contender. */
interface Sample {
  readonly imagesPerSecond: number;
  readonly microsecondsAnImage: number;
}

/** One row of the table. */
interface Row {
  readonly contender: 'limit' | 'echo' | 'service' | 'metered' | 'peer' | 'plainPeer';
  readonly format: Format;
  readonly size: (typeof SIZES)[number];
  readonly measure: (ms: number) => Promise<Sample>;
}

const NAMES: Readonly<Record<Row['contender'], string>> = {
  limit: 'upper bound: decode, normalize, infer',
  echo: 'baseline: the HTTP alone',
  service: '**inkdigit serve**',
  metered: 'the same with `--metrics-port`',
  peer: 'Flask, gunicorn, PyTorch, channels_last',
  plainPeer: 'Flask, gunicorn, PyTorch',
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const rounds = quick ? 1 : 5;
  const ms = quick ? 200 : 2500;
  const workers = availableParallelism();
  const whyNoPeer = whyNoFlask();
  const closing: (() => Promise<void>)[] = [];
  try {
    const generator = await startLoadGenerator();
    closing.push(() => generator.close());
    const limit = startUpperBound(workers, model);
    closing.push(() => limit.close());
    const started = async (server: Promise<ServerProcess>): Promise<ServerProcess> => {
      const one = await server;
      closing.push(() => one.stop());
      return one;
    };
    const servers = {
      echo: await started(startHttpBaseline(workers, SIZES)),
      service: await started(startService(model, MOST_IMAGES)),
      metered: await started(startService(model, MOST_IMAGES, ['--metrics-port', '0'])),
      peer: whyNoPeer === null ? await started(startFlaskPeer(workers, 'channels_last')) : null,
      plainPeer: whyNoPeer === null ? await started(startFlaskPeer(workers, 'contiguous_format')) : null,
    };
    for (const format of FORMATS) {
      const images = await drawImages(format, model);
      await limit.keep(format, images.files);
      for (const size of SIZES) await generator.keep(bodiesName(format, size), requestBodies(images, size));
    }
    const rows = FORMATS.flatMap((format) => rowsOf(format, limit, servers, generator));
    // The first runs compile and allocate what later ones use again.
    for (const row of rows) await row.measure(ms / 2);
    const samples = new Map<Row, Sample[]>(rows.map((row) => [row, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [row, own] of samples) own.push(await row.measure(ms));
    }
    await checkAnswers(servers.service, generator, ms);
    return tableOf(samples, { rounds, ms, workers, whyNoPeer });
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

function rowsOf(
  format: Format,
  limit: UpperBound,
  servers: {
    readonly echo: ServerProcess;
    readonly service: ServerProcess;
    readonly metered: ServerProcess;
    readonly peer: ServerProcess | null;
    readonly plainPeer: ServerProcess | null;
  },
  generator: LoadGenerator,
): Row[] {
  const { echo, service, metered, peer, plainPeer } = servers;
  const loaded = (
    contender: Row['contender'],
    server: ServerProcess,
    size: Row['size'],
    path = CLASSIFY_PATH,
  ): Row => ({
    contender,
    format,
    size,
    measure: async (ms) => sampleOf(server, path, format, size, generator, ms),
  });
  return [
    { contender: 'limit', format, size: LARGE_REQUEST, measure: (ms) => limit.run(format, ms) },
    ...SIZES.flatMap((size) => [
      loaded('echo', echo, size, httpBaselinePath(size)),
      loaded('service', service, size),
      ...(format === 'PNG' ? [loaded('metered', metered, size)] : []),
      ...(peer ? [loaded('peer', peer, size)] : []),
      ...(plainPeer && format === 'PNG' ? [loaded('plainPeer', plainPeer, size)] : []),
    ]),
  ];
}

async function sampleOf(
  server: ServerProcess,
  path: string,
  format: Format,
  size: number,
  generator: LoadGenerator,
  ms: number,
): Promise<Sample> {
  const usedBefore = server.processorMicroseconds();
  const load = { kind: 'closed', connections: CONNECTIONS[size] ?? 1, until: { ms }, checks: false } as const;
  const result = await runLoad(generator, server, path, format, size, load);
  return {
    imagesPerSecond: result.imagesPerSecond,
    microsecondsAnImage: (server.processorMicroseconds() - usedBefore) / result.images,
  };
}

/** Speed means nothing where answers are wrong, so each is compared once, under the same load. */
async function checkAnswers(service: ServerProcess, generator: LoadGenerator, ms: number): Promise<void> {
  for (const format of FORMATS) {
    for (const size of SIZES) {
      const load = {
        kind: 'closed',
        connections: CONNECTIONS[size] ?? 1,
        until: { ms },
        checks: true,
      } as const;
      await runLoad(generator, service, CLASSIFY_PATH, format, size, load);
    }
  }
}

function tableOf(
  samples: ReadonlyMap<Row, readonly Sample[]>,
  setting: {
    readonly rounds: number;
    readonly ms: number;
    readonly workers: number;
    readonly whyNoPeer: string | null;
  },
): BenchmarkResult {
  const find = (contender: Row['contender'], format: Format, size: number): readonly Sample[] | undefined =>
    [...samples].find(
      ([row]) => row.contender === contender && row.format === format && row.size === size,
    )?.[1];
  const speeds = (of: readonly Sample[]): number[] => of.map(({ imagesPerSecond }) => imagesPerSecond);
  const costs = (of: readonly Sample[]): number[] => of.map(({ microsecondsAnImage }) => microsecondsAnImage);
  const beside = (
    own: readonly Sample[],
    other: readonly Sample[] | undefined,
    value: (of: readonly Sample[]) => number[],
  ): number => (other && value(own).every(Number.isFinite) ? compare(value(own), value(other)).median : NaN);

  const rows = [...samples]
    .toSorted(([a], [b]) => a.size - b.size || FORMATS.indexOf(a.format) - FORMATS.indexOf(b.format))
    .map(([row, own]) => {
      const { median, min, max } = summarize(speeds(own));
      const share = (contender: Row['contender'], size: number): string =>
        row.contender === 'service' ? percentOf(beside(own, find(contender, row.format, size), speeds)) : '';
      return [
        NAMES[row.contender],
        row.format,
        String(row.size),
        grouped(Math.round(median)),
        `${grouped(Math.round(min))} to ${grouped(Math.round(max))}`,
        microseconds(summarizeCosts(costs(own))),
        row.contender === 'service' ? times(beside(own, find('peer', row.format, row.size), costs)) : '',
        share('limit', LARGE_REQUEST),
        share('echo', row.size),
      ];
    });
  const { rounds, ms, workers, whyNoPeer } = setting;
  const service = (size: number): readonly Sample[] => find('service', 'PNG', size) ?? [];
  const metered = (size: number): string =>
    percentOf(beside(find('metered', 'PNG', size) ?? [], service(size), costs));
  return {
    method:
      `Digits drawn as files of 28 x 28, sent as JSON to ${workers} workers by one more process on the same ` +
      `machine, ${CONNECTIONS[1]} requests open at once with one image each, ${CONNECTIONS[LARGE_REQUEST]} with ` +
      `${LARGE_REQUEST}: ${rounds} rounds of ${ms / 1000} s each, taken in turn in one run.`,
    columns: [
      'what',
      'files',
      'batch',
      'images/s',
      'min to max',
      'µs/image',
      '/ Flask',
      '/ upper bound',
      '/ baseline',
    ],
    rows:
      whyNoPeer === null ? rows : [...rows, [NAMES.peer, whyNoPeer, ...Array.from({ length: 7 }, () => '')]],
    notes: [
      `The upper bound reads the files themselves, ${LARGE_REQUEST} an inference, in one process per core. The ` +
        "baseline is the service's own app with one more route: it takes the same bodies, parses the JSON, checks " +
        'it by the same schema and answers a constant. Processor time is that of the server, all its processes, ' +
        'user and kernel. The ratios are medians of the ratios of each round. All answers of the service were ' +
        'compared with what the model says without it, in a run of their own. With metrics on, an image takes ' +
        `${metered(LARGE_REQUEST)} of the processor time at ${LARGE_REQUEST} per request, ${metered(1)} at one.`,
      'Flask serves the network of the baseline, the original demo (`seed`) with PyTorch, one thread and one ' +
        'inference per request, in as many workers of gunicorn that keep connections; it takes images as they are, ' +
        'and logs no requests, while the service looks for the digit and logs each. What the service is compared ' +
        "with has its pictures in the faster of PyTorch's two layouts." +
        besidePlain(
          [LARGE_REQUEST, 1].map((size) => beside(service(size), find('plainPeer', 'PNG', size), costs)),
        ),
    ],
    figures: {
      shareOfLimit: beside(service(LARGE_REQUEST), find('limit', 'PNG', LARGE_REQUEST), speeds),
      shareOfEcho: beside(service(1), find('echo', 'PNG', 1), speeds),
      costBesidePeerLarge: beside(service(LARGE_REQUEST), find('peer', 'PNG', LARGE_REQUEST), costs),
      costBesidePeerSmall: beside(service(1), find('peer', 'PNG', 1), costs),
    },
  };
}

function besidePlain([large = NaN, small = NaN]: readonly number[]): string {
  if (!Number.isFinite(large) || !Number.isFinite(small)) return '';
  return (
    ` Compared with the other, which is PyTorch's own choice, it takes ${times(large)} of the processor time per ` +
    `image at ${LARGE_REQUEST} per request and ${times(small)} at one.`
  );
}

function summarizeCosts(costs: readonly number[]): number {
  return costs.every(Number.isFinite) ? summarize(costs).median : NaN;
}

function microseconds(value: number): string {
  return Number.isFinite(value) ? value.toFixed(0) : 'unknown';
}

function percentOf(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(0)} %` : '';
}

function times(ratio: number): string {
  return Number.isFinite(ratio) ? fraction(ratio) : '';
}
