import { availableParallelism } from 'node:os';
import { shippedModelPath } from '../../src/model/model-paths.js';
import { startLoadGenerator, type LoadGenerator } from '../load/load-generator.js';
import { compare } from '../measuring/statistics.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { FASTAPI_PEER, NATIVE_PEER, type ModelPeer } from '../peers/model-peers.js';
import {
  capacityTable,
  isMeasured,
  CONNECTIONS,
  FEW,
  type CapacitySetting,
  type Contender,
  type Row,
  type Sample,
} from './capacity-table.js';
import { bodiesName, runLoad } from '../serving/bench-service.js';
import { httpBaselinePath, startHttpBaseline } from '../serving/http-baseline.js';
import { startFlaskPeer, whyNoFlask } from '../peers/flask-peer.js';
import { writeImages, FORMATS, LARGE_REQUEST, requestBodies, type Format } from '../inputs/images.js';
import { startUpperBound, type UpperBound } from '../serving/upper-bound.js';
import type { ServerProcess } from '../serving/server-process.js';
import { CLASSIFY_PATH, startService } from '../serving/service.js';

/** All that is open at once: one process may have most of the connections, and what it refuses is not measured. */
const MOST_IMAGES = 16 * LARGE_REQUEST;
const SIZES = [1, LARGE_REQUEST] as const;
/** Of one image each, beside the usual number: what a request takes that others do not share a batch with. */
const FEWER_CONNECTIONS = [1, FEW];

/** `npm run bench -- capacity` */
export const capacityBenchmark: Benchmark = {
  name: 'capacity',
  question: 'How much does the service get done, compared with its upper bounds and with other servers?',
  run,
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
    const missing: [Contender, string][] = whyNoPeer === null ? [] : [['peer', whyNoPeer]];
    const startedPeer = async (contender: Contender, peer: ModelPeer): Promise<ServerProcess | null> => {
      const why = peer.whyNot();
      if (why === null) return started(peer.start(workers, model));
      missing.push([contender, why]);
      return null;
    };
    const servers = {
      echo: await started(startHttpBaseline(workers, SIZES)),
      service: await started(startService(model, MOST_IMAGES)),
      peer: whyNoPeer === null ? await started(startFlaskPeer(workers, 'channels_last')) : null,
      plainPeer: whyNoPeer === null ? await started(startFlaskPeer(workers, 'contiguous_format')) : null,
      native: await startedPeer('native', NATIVE_PEER),
      fastapi: await startedPeer('fastapi', FASTAPI_PEER),
    };
    for (const format of FORMATS) {
      const images = await writeImages(format, model);
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
    const megabytes = megabytesOf({
      service: servers.service,
      native: servers.native,
      fastapi: servers.fastapi,
    });
    await checkAnswers(servers.service, generator, ms);
    const metered = await started(startService(model, MOST_IMAGES, ['--metrics-port', '0']));
    const withMetrics = await costWithMetrics(servers.service, metered, generator, {
      rounds: 2 * rounds,
      ms,
    });
    return capacityTable(samples, { rounds, ms, workers, missing, megabytes, withMetrics });
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

/**
 * Processor time of an image with metrics on, over that without, by the images in a request. Both have the same turns,
 * one after the other: a process that has rested is slower for a while.
 */
async function costWithMetrics(
  service: ServerProcess,
  metered: ServerProcess,
  generator: LoadGenerator,
  { rounds, ms }: { readonly rounds: number; readonly ms: number },
): Promise<Readonly<Record<number, number>>> {
  const ratios: Record<number, number> = {};
  for (const size of SIZES) {
    const measure = async (server: ServerProcess): Promise<number> => {
      const load = { path: CLASSIFY_PATH, format: 'PNG', connections: CONNECTIONS[size] ?? 1 } as const;
      return (await sampleOf({ ...load, server, size, generator }, ms)).microsecondsAnImage;
    };
    const [without, withThem]: [number[], number[]] = [[], []];
    // The first turns compile and allocate what later ones use again.
    for (let round = -1; round < rounds; round++) {
      const pair = [await measure(service), await measure(metered)] as const;
      if (round < 0) continue;
      without.push(pair[0]);
      withThem.push(pair[1]);
    }
    ratios[size] = isMeasured([...without, ...withThem]) ? compare(withThem, without).median : NaN;
  }
  return ratios;
}

/** Of those that are measured. */
function megabytesOf(
  servers: Readonly<Partial<Record<Contender, ServerProcess | null>>>,
): CapacitySetting['megabytes'] {
  return Object.fromEntries(
    Object.entries(servers).flatMap(([name, server]) => (server ? [[name, server.megabytes()]] : [])),
  );
}

/** Null where one is not there to be measured. */
interface Servers {
  readonly echo: ServerProcess;
  readonly service: ServerProcess;
  readonly native: ServerProcess | null;
  readonly fastapi: ServerProcess | null;
  readonly peer: ServerProcess | null;
  readonly plainPeer: ServerProcess | null;
}

function rowsOf(format: Format, limit: UpperBound, servers: Servers, generator: LoadGenerator): Row[] {
  const { echo, service, native, fastapi, peer, plainPeer } = servers;
  const loaded = (
    contender: Contender,
    server: ServerProcess | null,
    size: number,
    connections = CONNECTIONS[size] ?? 1,
    path = CLASSIFY_PATH,
  ): Row[] =>
    server
      ? [
          {
            contender,
            format,
            size,
            connections,
            measure: (ms) => sampleOf({ server, path, format, size, connections, generator }, ms),
          },
        ]
      : [];
  const isPng = format === 'PNG';
  const sameModel = (size: number, connections?: number): Row[] => [
    ...loaded('service', service, size, connections),
    ...loaded('native', native, size, connections),
    ...loaded('fastapi', fastapi, size, connections),
  ];
  return [
    {
      contender: 'limit',
      format,
      size: LARGE_REQUEST,
      connections: 0,
      measure: (ms) => limit.run(format, ms),
    },
    ...SIZES.flatMap((size) => [
      ...loaded('echo', echo, size, undefined, httpBaselinePath(size)),
      ...(isPng ? sameModel(size) : loaded('service', service, size)),
      ...loaded('peer', peer, size),
      ...(isPng ? loaded('plainPeer', plainPeer, size) : []),
    ]),
    ...(isPng ? FEWER_CONNECTIONS.flatMap((connections) => sameModel(1, connections)) : []),
  ];
}

interface Load {
  readonly server: ServerProcess;
  readonly path: string;
  readonly format: Format;
  readonly size: number;
  readonly connections: number;
  readonly generator: LoadGenerator;
}

async function sampleOf(
  { server, path, format, size, connections, generator }: Load,
  ms: number,
): Promise<Sample> {
  const usedBefore = server.processorMicroseconds();
  const load = { kind: 'closed', connections, until: { ms }, checks: false } as const;
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
