import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { simulateFleet, type Balancing, type Fleet } from '../../bench/simulation/simulate-fleet.js';
import { simulateMachine, type Costs, type Simulated } from '../../bench/simulation/simulate-machine.js';
import { markdownTable } from '../../bench/report/table.js';
import { summarize } from '../../bench/measuring/statistics.js';
import { grouped } from '../../src/evaluation/report.js';
import { randomStream } from '../../src/random-streams.js';
import type { Measured, MeasuredKind } from './measured.js';

/** As the benchmark of latencies does: rounds of this long, and the medians of them. */
const ROUNDS = 3;
const ROUND_SECONDS = 2.5;
const SHORTEST_BEAT_MS = 0.5;

/** Fitted to the p99 and p99.9 of the first kind alone: PNG files, one per request. */
const PAUSE = { everyMs: 80, meanMs: 2 };

/** What is asked of machines at the most, so that a burst finds room: see the table of fleets. */
const TARGET_UTILIZATION = 0.6;

/** Assumed, in cents: a core of a cloud for an hour, its memory with it. */
const CENTS_PER_CORE_HOUR = 4;

/** A worker at its largest, with what it may need for bodies and large pictures (--max-held-bytes of the manifests). */
const HELD_MEGABYTES = 67;

/** Of the requests to fleets. */
const PHOTO_SHARE = 0.0003;
const FLEET_REQUESTS = 60_000;

/** What a request and its answer have besides images: heads of HTTP, JSON around them. */
const HEAD_BYTES = 250;
const ANSWER_BYTES_PER_IMAGE = 45;

/**
 * Costs as the simulation takes them, of the machine that latencies were measured on. Benchmarks may have been recorded
 * on different machines, or days: what they say of costs is scaled by how much got done there, of the same requests.
 */
export function costsOf(measured: Measured, kind: MeasuredKind): Costs {
  const { imagesPerRequest, microsecondsPerImage, imagesPerSecond } = kind;
  const [small = kind] = measured.kinds;
  // Of PNG files, one a request; latencies are measured at half of capacity.
  const smallCapacity = 2 * small.requestsPerSecond;
  const { oneConnectionMicroseconds, manyConnectionsMicroseconds, manyConnectionsPerSecond } = measured;
  // With one connection each image has a turn of its own; with 64 at two workers, 32 images share one.
  const turnThere = ((oneConnectionMicroseconds - manyConnectionsMicroseconds) * 32) / 31;
  const turn = (turnThere * manyConnectionsPerSecond) / smallCapacity;
  const image = (microsecondsPerImage * imagesPerSecond) / (2 * kind.requestsPerSecond * imagesPerRequest);
  const perTurn = imagesPerRequest === 1 ? 32 : imagesPerRequest;
  // What the baseline leaves of the cores is the sender's.
  const { cores, baselinePerSecond, baselineMicroseconds } = measured;
  const senderThere = (cores * 1e6) / baselinePerSecond - baselineMicroseconds;
  const sender = (senderThere * small.imagesPerSecond) / smallCapacity;
  return {
    turnMs: turn / 1000,
    imageMs: (image - turn / perTurn) / 1000,
    sendMs: sender / 2000,
    receiveMs: sender / 2000,
    pause: PAUSE,
  };
}

/** One kind of request at half of capacity, simulated as it is measured. */
export function simulateKind(measured: Measured, kind: MeasuredKind): Simulated {
  const perSecond = kind.requestsPerSecond;
  const load = {
    perSecond,
    imagesPerRequest: kind.imagesPerRequest,
    requests: Math.round(perSecond * ROUND_SECONDS),
    beatMs: Math.max(1000 / perSecond, SHORTEST_BEAT_MS),
  };
  const machine = { cores: measured.cores, workers: measured.cores, costs: costsOf(measured, kind) };
  const rounds = Array.from({ length: ROUNDS }, (_, round) =>
    simulateMachine(machine, load, randomStream('queueSimulation', round)),
  );
  const middle = (of: (one: Simulated) => number): number => summarize(rounds.map(of)).median;
  return {
    p50: middle((one) => one.p50),
    p99: middle((one) => one.p99),
    p999: middle((one) => one.p999),
    utilization: middle((one) => one.utilization),
    meanBatch: middle((one) => one.meanBatch),
  };
}

const NOT_RECORDED = 'Not calculated: the benchmarks that it follows from were not recorded on the last run.';

/** Sections of `docs/explanation/scale.md` and of `docs/how-to/run-on-kubernetes.md`, by their names. */
export function scaleSections(root: string, measured: Measured | null): Record<string, string> {
  if (!measured)
    return { machine: NOT_RECORDED, fleet: NOT_RECORDED, steps: NOT_RECORDED, planning: NOT_RECORDED };
  return {
    machine: machineTable(measured),
    fleet: fleetTable(measured),
    steps: stepsTable(measured, bytesOfImage(root)),
    planning: planningTable(measured),
  };
}

function machineTable(measured: Measured): string {
  const rows = measured.kinds.map((kind) => {
    const { p50, p99, utilization, meanBatch } = simulateKind(measured, kind);
    return [
      kind.files,
      String(kind.imagesPerRequest),
      grouped(kind.requestsPerSecond),
      kind.p50Ms.toFixed(2),
      p50.toFixed(2),
      kind.p99Ms.toFixed(2),
      p99.toFixed(2),
      `${(p99 / kind.p99Ms).toFixed(2)}x`,
      `${Math.round(100 * utilization)} %`,
      meanBatch.toFixed(1),
    ];
  });
  const columns =
    'files|per request|requests/s|median, ms|simulated|p99, ms|simulated|ratio|cores in use|per turn';
  return table(columns.split('|'), rows);
}

function fleetOf(measured: Measured, balancing: Balancing): Fleet {
  const [kind] = measured.kinds;
  if (!kind) throw new Error('Expected a kind of request.');
  const { turnMs, imageMs } = costsOf(measured, kind);
  const { cores, photoMs, photoPieceMs: pieceMs } = measured;
  const size = { machines: 8, workersPerMachine: cores };
  return { ...size, balancing, turnMs, frameMs: imageMs, photoMs, pieceMs, photoShare: PHOTO_SHARE };
}

/** p99 of frames. */
function fleetTable(measured: Measured): string {
  const ways: readonly Balancing[] = ['at random', 'in turn', 'least in progress'];
  const rows = [0.3, 0.5, TARGET_UTILIZATION, 0.7, 0.8].map((utilization) => [
    `${Math.round(100 * utilization)} %`,
    ...ways.map((way) => {
      const random = randomStream('queueSimulation', 1);
      const { p99 } = simulateFleet(fleetOf(measured, way), utilization, FLEET_REQUESTS, random);
      return p99.toFixed(1);
    }),
  ]);
  return table(['utilization', ...ways], rows);
}

/** The mean of the sample digits that are frames, as PNG. */
function bytesOfImage(root: string): number {
  const folder = join(root, 'examples', 'digits');
  const sizes = readdirSync(folder)
    .filter((name) => /^\d\.png$/.test(name))
    .map((name) => statSync(join(folder, name)).size);
  return sizes.reduce((a, b) => a + b, 0) / sizes.length;
}

interface Way {
  readonly name: string;
  readonly microseconds: number;
  /** On the wire, in and out. */
  readonly bytesPerImage: number;
}

function stepsTable(measured: Measured, imageBytes: number): string {
  const kindOf = (files: string, size: number): MeasuredKind => {
    const kind = measured.kinds.find((one) => one.files === files && one.imagesPerRequest === size);
    if (!kind) throw new Error(`Expected figures of ${files}, ${size} per request.`);
    return kind;
  };
  const base64 = (4 / 3) * imageBytes;
  const wire = (size: number): number => base64 + HEAD_BYTES / size + ANSWER_BYTES_PER_IMAGE;
  const ways: readonly Way[] = [
    {
      name: 'PNG, one a request',
      microseconds: kindOf('PNG', 1).microsecondsPerImage,
      bytesPerImage: wire(1),
    },
    {
      name: 'PNG, 64 a request',
      microseconds: kindOf('PNG', 64).microsecondsPerImage,
      bytesPerImage: wire(64),
    },
    {
      name: 'JPEG, 64 a request',
      microseconds: kindOf('JPEG', 64).microsecondsPerImage,
      bytesPerImage: wire(64),
    },
  ];
  const rows = [1e3, 1e5, 1e7].flatMap((perSecond) =>
    ways.map(({ name, microseconds, bytesPerImage }) => {
      const used = (perSecond * microseconds) / 1e6;
      const cores = Math.max(2, Math.ceil(used / TARGET_UTILIZATION));
      const gigabytes = (cores * (measured.residentMegabytes + HELD_MEGABYTES)) / 1000;
      const megabits = (perSecond * bytesPerImage * 8) / 1e6;
      const centsPerMillion = ((cores * CENTS_PER_CORE_HOUR) / 3600 / perSecond) * 1e6;
      return [
        grouped(perSecond),
        name,
        used < 10 ? used.toFixed(2) : grouped(Math.round(used)),
        grouped(cores),
        gigabytes < 10 ? gigabytes.toFixed(1) : grouped(Math.round(gigabytes)),
        megabits < 1000 ? `${Math.round(megabits)} Mbit/s` : `${(megabits / 1000).toFixed(1)} Gbit/s`,
        centsPerMillion.toFixed(2),
      ];
    }),
  );
  const columns = 'images/s|requests|cores in use|cores to have|memory, GB|network|cents per million';
  return table(columns.split('|'), rows);
}

/** What a core and a worker are good for, to plan with. */
function planningTable(measured: Measured): string {
  const rows = measured.kinds.map(({ files, imagesPerRequest, imagesPerSecond, microsecondsPerImage }) => [
    files,
    String(imagesPerRequest),
    grouped(Math.round(imagesPerSecond / measured.cores)),
    microsecondsPerImage.toFixed(0),
    grouped(Math.round((TARGET_UTILIZATION * 1e6) / microsecondsPerImage)),
  ]);
  const columns =
    'files|images per request|images/s a core, with the sender|µs of processor per image|images/s a core at 60 %';
  return (
    `${table(columns.split('|'), rows)}\n\nA worker grows to ${measured.residentMegabytes.toFixed(0)} MB; ` +
    `with ${HELD_MEGABYTES} MB of bodies (\`--max-held-bytes\` of the manifests) it is ` +
    `${(measured.residentMegabytes + HELD_MEGABYTES).toFixed(0)} MB, and a photo of 12 megapixels takes ` +
    `${measured.photoMs.toFixed(0)} ms.`
  );
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable(
    columns,
    columns.map(() => '---:'),
    rows,
  );
}
