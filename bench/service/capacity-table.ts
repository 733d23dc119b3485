import { grouped } from '../../src/evaluation/report.js';
import type { BenchmarkResult } from '../report/report.js';
import { FASTAPI_PEER, NATIVE_PEER } from '../peers/model-peers.js';
import { FORMATS, imageOrigin, LARGE_REQUEST, type Format } from '../inputs/images.js';
import { fraction } from '../report/standing.js';
import { compare, summarize } from '../measuring/statistics.js';

/** One measurement of one contender. */
export interface Sample {
  readonly imagesPerSecond: number;
  readonly microsecondsAnImage: number;
}

export type Contender = 'limit' | 'echo' | 'service' | 'native' | 'fastapi' | 'peer' | 'plainPeer';

/** One row of the table. */
export interface Row {
  readonly contender: Contender;
  readonly format: Format;
  /** Images in a request. */
  readonly size: number;
  /** Requests that are open at once. */
  readonly connections: number;
  readonly measure: (ms: number) => Promise<Sample>;
}

const NAMES: Readonly<Record<Contender, string>> = {
  limit: 'upper bound: decode, normalize, infer',
  echo: 'baseline: the HTTP alone',
  service: '**inkdigit serve**',
  native: NATIVE_PEER.name,
  fastapi: FASTAPI_PEER.name,
  peer: 'Flask, gunicorn, PyTorch, channels_last',
  plainPeer: 'Flask, gunicorn, PyTorch',
};

/** Requests that are open at once, unless a row says otherwise: as many as keep every worker busy. */
export const CONNECTIONS: Readonly<Record<number, number>> = { 1: 64, [LARGE_REQUEST]: 16 };

export interface CapacitySetting {
  readonly rounds: number;
  readonly ms: number;
  readonly workers: number;
  /** Why some cannot be measured here. */
  readonly missing: readonly (readonly [Contender, string])[];
  /** Of all processes, where it can be told. */
  readonly megabytes: Readonly<Partial<Record<Contender, number>>>;
  /** Processor time with metrics on, over that without, by the images in a request. */
  readonly withMetrics: Readonly<Record<number, number>>;
}

/** In a short run nothing may have been answered, and processes may not be seen. */
export function isMeasured(values: readonly number[]): boolean {
  return values.every((value) => Number.isFinite(value) && value > 0);
}

/** The section of the page. */
export function capacityTable(
  samples: ReadonlyMap<Row, readonly Sample[]>,
  setting: CapacitySetting,
): BenchmarkResult {
  const find = (
    contender: Contender,
    format: Format,
    size: number,
    connections = CONNECTIONS[size],
  ): readonly Sample[] | undefined =>
    [...samples].find(
      ([row]) =>
        row.contender === contender &&
        row.format === format &&
        row.size === size &&
        (row.contender === 'limit' || row.connections === connections),
    )?.[1];
  const speeds = (of: readonly Sample[]): number[] => of.map(({ imagesPerSecond }) => imagesPerSecond);
  const costs = (of: readonly Sample[]): number[] => of.map(({ microsecondsAnImage }) => microsecondsAnImage);
  const beside = (
    own: readonly Sample[],
    other: readonly Sample[] | undefined,
    value: (of: readonly Sample[]) => number[],
  ): number =>
    other && isMeasured(value(own)) && isMeasured(value(other))
      ? compare(value(own), value(other)).median
      : NaN;

  const rows = [...samples]
    .toSorted(
      ([a], [b]) =>
        a.size - b.size ||
        FORMATS.indexOf(a.format) - FORMATS.indexOf(b.format) ||
        a.connections - b.connections,
    )
    .map(([row, own]) => {
      const { median, min, max } = summarize(speeds(own));
      const isService = row.contender === 'service';
      const share = (contender: Contender, size: number): string =>
        isService && row.connections === CONNECTIONS[row.size]
          ? percentOf(beside(own, find(contender, row.format, size), speeds))
          : '';
      return [
        NAMES[row.contender],
        row.format,
        String(row.size),
        row.contender === 'limit' ? '' : String(row.connections),
        grouped(Math.round(median)),
        `${grouped(Math.round(min))} to ${grouped(Math.round(max))}`,
        microseconds(summarizeCosts(costs(own))),
        isService ? times(beside(own, find('peer', row.format, row.size, row.connections), costs)) : '',
        share('limit', LARGE_REQUEST),
        share('echo', row.size),
      ];
    });
  const { rounds, ms, workers, missing, megabytes, withMetrics } = setting;
  const service = (size: number): readonly Sample[] => find('service', 'PNG', size) ?? [];
  const metered = (size: number): string => percentOf(withMetrics[size] ?? NaN);
  const besideNative = (size: number, connections = CONNECTIONS[size]): number =>
    beside(find('service', 'PNG', size, connections) ?? [], find('native', 'PNG', size, connections), costs);
  const memoryBesideNative = (megabytes.service ?? NaN) / (megabytes.native ?? NaN);
  return {
    method:
      `Digits as files of 28 x 28 (${imageOrigin()}), sent as JSON to ${workers} workers by one more process on ` +
      'the same machine, on connections with one request open all the time: ' +
      `${rounds} rounds of ${ms / 1000} s each, taken in turn in one run.`,
    columns: [
      'what',
      'files',
      'batch',
      'open',
      'images/s',
      'min to max',
      'µs/image',
      '/ Flask',
      '/ upper bound',
      '/ baseline',
    ],
    rows: [
      ...rows,
      ...missing.map(([contender]) => [NAMES[contender], 'skipped', ...Array.from({ length: 8 }, () => '')]),
    ],
    notes: [
      `The upper bound reads the files themselves, ${LARGE_REQUEST} an inference, in one process per core. The ` +
        "baseline is the service's own app with one more route: it takes the same bodies, parses the JSON, checks " +
        'it by the same schema and answers a constant. Processor time is that of the server, all its processes, ' +
        'user and kernel. The ratios are medians of the ratios of each round. All answers of the service were ' +
        'compared with what the model says without it, in a run of their own. With `--metrics-port`, in turns of ' +
        `their own (${2 * rounds} rounds), an image takes ` +
        `${metered(LARGE_REQUEST)} of the processor time at ${LARGE_REQUEST} per request, ${metered(1)} at one.`,
      'Flask serves the network of the baseline, the original demo (`seed`) with PyTorch, one thread and one ' +
        'inference per request, in as many workers of gunicorn that keep connections; it takes images as they are, ' +
        'and logs no requests, while the service looks for the digit and logs each. What the service is compared ' +
        "with has its pictures in the faster of PyTorch's two layouts." +
        besidePlain(
          [LARGE_REQUEST, 1].map((size) => beside(service(size), find('plainPeer', 'PNG', size), costs)),
        ),
      ...modelPeers(besideNative, megabytes),
      ...missing.map(([contender, why]) => `${NAMES[contender]}: ${why}.`),
    ],
    figures: {
      costBesideNativeLarge: besideNative(LARGE_REQUEST),
      costBesideNativeMany: besideNative(1),
      costBesideNativeFew: besideNative(1, FEW),
      costBesideNativeOne: besideNative(1, 1),
      memoryBesideNative,
      shareOfLimit: beside(service(LARGE_REQUEST), find('limit', 'PNG', LARGE_REQUEST), speeds),
      shareOfEcho: beside(service(1), find('echo', 'PNG', 1), speeds),
      costBesidePeerLarge: beside(service(LARGE_REQUEST), find('peer', 'PNG', LARGE_REQUEST), costs),
      costBesidePeerSmall: beside(service(1), find('peer', 'PNG', 1), costs),
    },
  };
}

/** What is said of those that serve the same model. */
function modelPeers(
  besideNative: (size: number, connections?: number) => number,
  megabytes: CapacitySetting['megabytes'],
): string[] {
  const ratios = [besideNative(LARGE_REQUEST), besideNative(1), besideNative(1, FEW), besideNative(1, 1)];
  if (!ratios.every(Number.isFinite)) return [];
  const [large = '', many = '', few = '', one = ''] = ratios.map(times);
  const held = Object.entries(megabytes).map(([, value]) => Math.round(value));
  return [
    'Servers of the same model, with the same ONNX Runtime, take images as they are, refuse nothing under load and ' +
      `log nothing. Beside the one in Rust the service takes ${large} of the processor time per image at ` +
      `${LARGE_REQUEST} per request, ${many} at one on ${CONNECTIONS[1]} connections, ${few} on ${FEW} and ${one} ` +
      `on one. Memory afterwards, of all processes, shared pages divided among them: ${held.join(', ')} MB for ` +
      'this service, Rust and Python.',
  ];
}

/** Connections with a request open, of which a process has few at once. */
export const FEW = 8;

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
