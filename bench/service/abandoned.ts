import { request, type ClientRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { drawDigit } from '../../src/drawing/draw-digit.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import { randomStream } from '../../src/random-streams.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { CAN_SEE_PROCESSES, residentBytes } from '../serving/processes.js';
import { freePort, startServer, type ServerProcess } from '../serving/server-process.js';
import { CLASSIFY_PATH, SERVICE_READY, serviceCommand } from '../serving/service.js';
import { encodePng, largePhoto } from '../inputs/variants.js';

/** Just below the 25 million pixels that a picture may have. */
const SIDE = 4_999;
const LATE = 60;
const LATE_TIMEOUT_MS = 300;
const LEAVING = 25;
/** Clients leave when the service has all that they sent, and has begun with it. */
const LEAVE_AFTER_MS = 300;
const LOOK_EVERY_MS = 50;
/** A service that is idle still says that it lives. */
const IDLE_SHARE = 0.05;
const LONGEST_WAIT_MS = 120_000;

/** `npm run bench -- abandoned` */
export const abandonedBenchmark: Benchmark = {
  name: 'abandoned',
  question: 'What do large pictures cost once their clients have gone?',
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  if (!CAN_SEE_PROCESSES) {
    return {
      method: 'Skipped: only Linux tells what other processes use.',
      columns: [],
      rows: [],
      notes: [],
    };
  }
  const large = await encodePng(drawDigit(3, { width: SIDE, height: SIDE, ink: 20, background: 230 }));
  const photo = await largePhoto(drawDigit(3).data, randomStream('benchmarks'));
  const late = await afterDeadlines(model, large, quick ? 5 : LATE);
  const left = await afterClientsLeft(model, large, photo, quick ? 3 : LEAVING);
  return {
    method:
      `One process of the service. PNG files of ${SIDE} x ${SIDE} pixels (${Math.round(large.length / 1000)} kB) ` +
      'are sent at once, each on ' +
      `a connection of its own: ${LATE} with a deadline of ${LATE_TIMEOUT_MS} ms, and ${LEAVING} whose clients ` +
      'leave after ' +
      `${LEAVE_AFTER_MS} ms, followed by a photo of 4000 x 3000 pixels from a client that waits.`,
    columns: ['what', 'measured'],
    rows: [
      ['answered 504, of those with a deadline', `${late.timedOut} of ${late.sent}`],
      ['busy after the last answer', `${(late.busyMs / 1000).toFixed(1)} s`],
      ['processor time in all', `${late.processorSeconds.toFixed(1)} s`],
      ['resident memory, before and at most', `${late.beforeMb.toFixed(0)} to ${late.peakMb.toFixed(0)} MB`],
      ['a photo, alone', `${(left.aloneMs / 1000).toFixed(2)} s`],
      [`a photo after ${LEAVING} clients that left`, `${(left.afterMs / 1000).toFixed(2)} s`],
    ],
    notes: [],
  };
}

async function start(model: string, args: readonly string[]): Promise<ServerProcess> {
  const port = await freePort();
  const command = serviceCommand(port, model);
  return startServer({ ...command, args: [...command.args, '--workers', '1', ...args] }, port, SERVICE_READY);
}

interface Late {
  readonly sent: number;
  readonly timedOut: number;
  readonly busyMs: number;
  readonly processorSeconds: number;
  readonly beforeMb: number;
  readonly peakMb: number;
}

async function afterDeadlines(model: string, large: Uint8Array, sent: number): Promise<Late> {
  const server = await start(model, ['--timeout-ms', String(LATE_TIMEOUT_MS)]);
  try {
    const residentMb = (): number => server.workers().reduce((sum, pid) => sum + residentBytes(pid), 0) / 1e6;
    const beforeMb = residentMb();
    const usedBefore = server.processorMicroseconds();
    let peakMb = beforeMb;
    const watch = setInterval(() => (peakMb = Math.max(peakMb, residentMb())), LOOK_EVERY_MS);
    const statuses = await Promise.all(Array.from({ length: sent }, () => post(server.port, large).status));
    const answeredMs = performance.now();
    const idleMs = await waitUntilIdle(server);
    clearInterval(watch);
    return {
      sent,
      timedOut: statuses.filter((status) => status === 504).length,
      busyMs: Math.max(0, idleMs - answeredMs),
      processorSeconds: (server.processorMicroseconds() - usedBefore) / 1e6,
      beforeMb,
      peakMb,
    };
  } finally {
    await server.stop();
  }
}

/** @returns when it was last seen busy, as `performance.now()` */
async function waitUntilIdle(server: ServerProcess): Promise<number> {
  const intervalMs = 10 * LOOK_EVERY_MS;
  let lastBusyMs = performance.now();
  const endMs = lastBusyMs + LONGEST_WAIT_MS;
  for (let used = server.processorMicroseconds(); performance.now() < endMs;) {
    await delay(intervalMs);
    const now = server.processorMicroseconds();
    if ((now - used) / 1000 / intervalMs < IDLE_SHARE) break;
    lastBusyMs = performance.now();
    used = now;
  }
  return lastBusyMs;
}

async function afterClientsLeft(
  model: string,
  large: Uint8Array,
  photo: Uint8Array,
  leaving: number,
): Promise<{ aloneMs: number; afterMs: number }> {
  const server = await start(model, []);
  try {
    const timeMs = async (): Promise<number> => {
      const startedMs = performance.now();
      const status = await post(server.port, photo, 'image/jpeg').status;
      if (status !== 200) throw new Error(`Expected 200, got ${status}.`);
      return performance.now() - startedMs;
    };
    await timeMs();
    const aloneMs = await timeMs();
    const clients = Array.from({ length: leaving }, () => post(server.port, large).client);
    await delay(LEAVE_AFTER_MS);
    for (const client of clients) client.destroy();
    return { aloneMs, afterMs: await timeMs() };
  } finally {
    await server.stop();
  }
}

/** @returns the request, and the status of its answer: 0 where it has none */
function post(
  port: number,
  body: Uint8Array,
  type = 'image/png',
): { client: ClientRequest; status: Promise<number> } {
  const headers = { 'content-type': type, 'content-length': body.length };
  const client = request({ port, path: CLASSIFY_PATH, method: 'POST', agent: false, headers });
  const status = new Promise<number>((resolve) => {
    client.once('response', (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    client.on('error', () => resolve(0));
  });
  client.end(body);
  return { client, status };
}
