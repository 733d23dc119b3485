import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { grouped } from '../../src/evaluation/report.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import { startLoadGenerator } from '../load/load-generator.js';
import { otherAnswers, refusals, type LoadResult } from '../load/tally.js';
import { repeat } from '../measuring/repeat.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { bodiesName } from '../serving/bench-service.js';
import { drawImages, LARGE_REQUEST, requestBodies } from '../inputs/images.js';
import { freePort, startServer } from '../serving/server-process.js';
import { CLASSIFY_PATH, SERVICE_READY, serviceCommand } from '../serving/service.js';
import { summarize } from '../measuring/statistics.js';

const CONNECTIONS = 8;
const LOAD_MS = 6000;
const KILL_AFTER_MS = 1500;
/** So that the first to be killed has lived for longer than what makes the service wait before it tries again. */
const SETTLE_MS = 9000;
const PROBE_EVERY_MS = 10;

interface Fault {
  readonly load: LoadResult;
  /** From the SIGKILL until the worker in its place has answered. */
  readonly replacedMs: number;
}

/** `npm run bench -- faults` */
export const faultsBenchmark: Benchmark = {
  name: 'faults',
  question: 'How soon is a worker replaced that is killed under load, and what does it cost?',
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const kills = quick ? 1 : 7;
  const images = await drawImages('PNG', model);
  const [one] = requestBodies(images, 1);
  const generator = await startLoadGenerator();
  await generator.keep(bodiesName('PNG', LARGE_REQUEST), requestBodies(images, LARGE_REQUEST));
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-bench-'));
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'w');
  const port = await freePort();
  const server = await startServer(serviceCommand(port, model), port, SERVICE_READY, log);
  try {
    await delay(SETTLE_MS);
    const faults: Fault[] = [];
    for (let i = 0; i < kills; i++) {
      const loaded = generator.run(
        bodiesName('PNG', LARGE_REQUEST),
        { port, path: CLASSIFY_PATH },
        { kind: 'closed', connections: CONNECTIONS, until: { ms: LOAD_MS }, checks: true },
      );
      const before = server.workers();
      // The oldest one.
      const victim = Math.min(...before);
      await delay(KILL_AFTER_MS);
      const killedMs = Date.now();
      process.kill(victim, 'SIGKILL');
      const stopProbing = repeat(PROBE_EVERY_MS, () => probe(port, one?.body ?? new Uint8Array()));
      const load = await loaded;
      await stopProbing();
      const fresh = server.workers().find((pid) => !before.includes(pid)) ?? NaN;
      faults.push({ load, replacedMs: firstAnswerMs(readFileSync(logFile, 'utf8'), fresh) - killedMs });
    }
    return describe(faults);
  } finally {
    await server.stop();
    await generator.close();
    closeSync(log);
    rmSync(folder, { recursive: true });
  }
}

/**
 * Asks on a new connection, which comes to every worker in turn; one that is kept stays with the worker that it came
 * to.
 */
function probe(port: number, body: Uint8Array): Promise<void> {
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve) => {
    const options = { port, path: CLASSIFY_PATH, method: 'POST', agent: false, headers } as const;
    const asked = request(options, (response) => response.resume().once('end', resolve));
    asked.once('error', () => resolve()).end(body);
  });
}

/** When a process first answered with 200, by the service's log, which has a line a request; `NaN` where it has not. */
function firstAnswerMs(log: string, pid: number): number {
  const signs = [`"pid":${pid},`, '"msg":"request"', '"status":200'];
  const line = log.split('\n').find((text) => signs.every((sign) => text.includes(sign)));
  const { time = '' }: { time?: string } = JSON.parse(line ?? '{}');
  return Date.parse(time);
}

function describe(faults: readonly Fault[]): BenchmarkResult {
  const slowestMs = summarize(faults.map(({ replacedMs }) => replacedMs)).max;
  return {
    method:
      `Requests of ${LARGE_REQUEST} PNG files of 28 x 28 on ${CONNECTIONS} connections, the next one as soon as ` +
      'one is answered; after ' +
      `${KILL_AFTER_MS / 1000} s the oldest worker gets a SIGKILL. Milliseconds from then until the worker in ` +
      'its place has answered its first ' +
      'request, by the log of the service, with all cores busy. Every answer is compared with what the model ' +
      'says without the service.',
    columns: [
      'kill',
      'replaced and answers after, ms',
      'requests answered',
      'lost',
      'refused (503)',
      'other answers',
      'wrong',
    ],
    rows: faults.map(({ load, replacedMs }, i) => [
      String(i + 1),
      replacedMs.toFixed(0),
      ...[load.answered, load.lost, refusals(load), otherAnswers(load), load.wrong].map(grouped),
    ]),
    notes: [
      `Lost are requests that were open at the worker when it was killed, of ${CONNECTIONS} at both: their ` +
        'connections ended. Their clients turn to ' +
        'the other worker and stay with it; what all of them send fills its queue, so that some are refused.',
    ],
    figures: { replacedSeconds: slowestMs / 1000 },
  };
}
