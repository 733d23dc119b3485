import { get } from 'node:http';
import { grouped } from '../../src/evaluation/report.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import { otherAnswers, refusals, type LoadResult } from '../load/tally.js';
import { startLoadGenerator } from '../load/load-generator.js';
import { repeat } from '../measuring/repeat.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { bodiesName } from '../serving/bench-service.js';
import { drawImages, FORMATS, LARGE_REQUEST, requestBodies, type Format } from '../inputs/images.js';
import { residentBytes } from '../serving/processes.js';
import { CLASSIFY_PATH, startService } from '../serving/service.js';
import { summarize, type Summary } from '../measuring/statistics.js';

/** What is sent: files of a format, and times as many as the service can do of those. */
interface Load {
  readonly format: Format;
  readonly times: number;
}

/**
 * Frames as PNG files are the quickest to read, so that most requests have to be refused a second; JPEG files have to
 * be looked for a digit, as most people's pictures have.
 */
const LOADS: readonly Load[] = [
  { format: 'PNG', times: 1 },
  { format: 'PNG', times: 2 },
  { format: 'PNG', times: 10 },
  { format: 'JPEG', times: 10 },
];
const CAPACITY_CONNECTIONS = 8;
/** At 10x overload some 56 requests are due at each beat, and 16 are in flight. */
const CONNECTIONS = 96;
const MOST_CONNECTIONS = 1024;
const LIVENESS_EVERY_MS = 100;
/** Of the sender. */
const NAP_MS = 5;

/** What the service gets done when it is asked for no more than it can. */
interface Capacity {
  readonly imagesPerSecond: number;
  readonly microsecondsAnImage: number;
}

/** What one load came to. */
interface Episode {
  readonly load: Load;
  readonly perSecond: number;
  readonly result: LoadResult;
  /** Images a second that were answered, of capacity. */
  readonly share: number;
  /**
   * The same of images for each second of the service's processor time: what the sender takes of the cores does not
   * count.
   */
  readonly shareByProcessor: number;
  readonly slowestLivezMs: number;
  /** Processor time, as a number of cores that are busy all the while. */
  readonly cores: { readonly service: number; readonly sender: number };
  readonly residentMb: readonly number[];
}

/** `npm run bench -- overload` */
export const overloadBenchmark: Benchmark = {
  name: 'overload',
  question: 'What does the service do under overload?',
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const rounds = quick ? 1 : 5;
  const ms = quick ? 500 : 12_000;
  const generator = await startLoadGenerator();
  for (const format of FORMATS) {
    const bodies = requestBodies(await drawImages(format, model), LARGE_REQUEST);
    await generator.keep(bodiesName(format, LARGE_REQUEST), bodies);
  }
  const server = await startService(model);
  try {
    const target = { port: server.port, path: CLASSIFY_PATH };
    const capacity = async (format: Format): Promise<Capacity> => {
      const until = { ms: quick ? 500 : 3000 };
      const load = { kind: 'closed', connections: CAPACITY_CONNECTIONS, until, checks: true } as const;
      const usedBefore = server.processorMicroseconds();
      const { imagesPerSecond, images } = await generator.run(
        bodiesName(format, LARGE_REQUEST),
        target,
        load,
      );
      return {
        imagesPerSecond,
        microsecondsAnImage: (server.processorMicroseconds() - usedBefore) / images,
      };
    };
    for (const format of FORMATS) await capacity(format);
    const episodes: Episode[] = [];
    for (const load of Array.from({ length: rounds }, () => LOADS).flat()) {
      const { format, times } = load;
      const before = await capacity(format);
      const perSecond = (times * before.imagesPerSecond) / LARGE_REQUEST;
      let slowestLivezMs = 0;
      const stopAsking = repeat(LIVENESS_EVERY_MS, async () => {
        slowestLivezMs = Math.max(slowestLivezMs, await timeToLivezMs(server.port));
      });
      const startedMs = performance.now();
      const used = (): number[] => [server, generator].map((each) => each.processorMicroseconds());
      const usedBefore = used();
      const result = await generator.run(bodiesName(format, LARGE_REQUEST), target, {
        kind: 'open',
        perSecond,
        ms,
        connections: CONNECTIONS,
        maxConnections: MOST_CONNECTIONS,
        napMs: NAP_MS,
        checks: true,
      });
      const lastedMs = performance.now() - startedMs;
      const [service = NaN, sender = NaN] = used().map(
        (microseconds, i) => microseconds - (usedBefore[i] ?? NaN),
      );
      const cores = (microseconds: number): number => microseconds / 1000 / lastedMs;
      await stopAsking();
      const residentMb = server.workers().map((pid) => residentBytes(pid) / 1e6);
      const after = await capacity(format);
      episodes.push({
        load,
        perSecond,
        result,
        share: (2 * result.imagesPerSecond) / (before.imagesPerSecond + after.imagesPerSecond),
        shareByProcessor:
          (before.microsecondsAnImage + after.microsecondsAnImage) / (2 * (service / result.images)),
        slowestLivezMs,
        cores: { service: cores(service), sender: cores(sender) },
        residentMb,
      });
    }
    return describe(episodes, rounds, ms);
  } finally {
    await server.stop();
    await generator.close();
  }
}

function describe(episodes: readonly Episode[], rounds: number, ms: number): BenchmarkResult {
  const under = (load: Load): Episode[] => episodes.filter((episode) => episode.load === load);
  const underFrames = (times: number): Episode[] =>
    episodes.filter(({ load }) => load.format === 'PNG' && load.times === times);
  const underFramesOf = (times: number, value: (episode: Episode) => number): number =>
    summarize(underFrames(times).map(value)).median;
  const livezUnder = (load: Load): number =>
    summarize(under(load).map(({ slowestLivezMs }) => slowestLivezMs)).median;
  return {
    method:
      `Requests of ${LARGE_REQUEST} files of 28 x 28 at even times, whatever becomes of those before: as many as ` +
      `the service was just found to get done, twice and ten times as many. ${rounds} rounds of ${ms / 1000} s ` +
      'each, taken in turn in one run: requests are counted over all, the rest are medians. The sender shares the ' +
      `cores; it wakes every ${NAP_MS} ms, sends what is due and reads what has come, as one that every answer ` +
      'wakes takes several times as much of them. Every answer is compared with what the model says without the ' +
      'service.',
    columns: [
      'files',
      'of capacity',
      'requests/s',
      'images/s answered',
      'share of capacity',
      'min to max',
      'by processor time',
      'answered',
      'refused (503)',
      'other answers',
      'wrong',
      'lost',
      'not sent',
      'median of answers, ms',
      'p99, ms',
      'slowest /livez, ms',
      'min to max',
      'service, cores',
      'sender, cores',
      'largest worker, MB',
    ],
    rows: LOADS.map((load) => {
      const all = under(load);
      const of = (value: (episode: Episode) => number): Summary => summarize(all.map(value));
      const count = (value: (result: LoadResult) => number): string =>
        grouped(all.reduce((sum, { result }) => sum + value(result), 0));
      const share = of((episode) => 100 * episode.share);
      const livez = of((episode) => episode.slowestLivezMs);
      return [
        load.format,
        `${load.times}x`,
        grouped(Math.round(of((episode) => episode.perSecond).median)),
        grouped(Math.round(of(({ result }) => result.imagesPerSecond).median)),
        `${share.median.toFixed(0)} %`,
        `${share.min.toFixed(0)} to ${share.max.toFixed(0)} %`,
        `${of((episode) => 100 * episode.shareByProcessor).median.toFixed(0)} %`,
        count(({ answered }) => answered),
        count(refusals),
        count(otherAnswers),
        count(({ wrong }) => wrong),
        count(({ lost }) => lost),
        count(({ unsent }) => unsent),
        of(({ result }) => result.latencyMs.p50).median.toFixed(0),
        of(({ result }) => result.latencyMs.p99).median.toFixed(0),
        livez.median.toFixed(0),
        `${livez.min.toFixed(0)} to ${livez.max.toFixed(0)}`,
        of(({ cores }) => cores.service).median.toFixed(2),
        of(({ cores }) => cores.sender).median.toFixed(2),
        of(({ residentMb }) => summarize(residentMb).max).max.toFixed(0),
      ];
    }),
    notes: [
      `Capacity is the mean of what closed loops on ${CAPACITY_CONNECTIONS} connections got done just before and ` +
        `just after. \`/livez\` was asked every ${LIVENESS_EVERY_MS} ms, each time on a new connection. The ` +
        `sender's ${CONNECTIONS} connections take turns; more are opened while all of them wait. Not sent are ` +
        `requests that were due while all ${grouped(MOST_CONNECTIONS)} connections waited. Other work on the same ` +
        'machine, for a second, shows in what is least and most.',
      'The faster the images are read, the more requests a second are 10x of capacity, and each that is refused ' +
        'has to be received and answered all the same, and sent by a program that shares the cores. PNG files of ' +
        'frames are the quickest to read; JPEG files are looked for a digit, as most pictures of people are. The ' +
        "share by processor time counts images for each second of the service's own, and so leaves out what the " +
        'sender takes of the cores, which at 10x is more than at capacity.',
    ],
    figures: {
      goodputAtTwice: underFramesOf(2, ({ share }) => share),
      goodputAtTenfold: underFramesOf(10, ({ share }) => share),
      goodputByProcessor: underFramesOf(10, ({ shareByProcessor }) => shareByProcessor),
      slowestLivezMs: Math.max(...LOADS.filter(({ times }) => times > 1).map(livezUnder)),
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
