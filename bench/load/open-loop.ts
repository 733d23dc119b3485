import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Connection } from './connection.js';
import type { PreparedRequest } from './requests.js';
import { dueBy, dueMs, scheduleOf } from './schedule.js';
import { Tally, type LoadResult } from './tally.js';

export interface OpenLoop {
  readonly kind: 'open';
  /** Requests that are sent each second, whether or not the ones before were answered. */
  readonly perSecond: number;
  readonly ms: number;
  /** Connections at the start, which take turns; more are opened and used while all of them wait. */
  readonly connections: number;
  readonly maxConnections: number;
  /**
   * Where latencies are so long that these milliseconds do not matter: the sender sleeps between two beats, and sends
   * and reads answers on them alone. Elsewhere every answer wakes it at once, which takes the cores from the server.
   */
  readonly napMs?: number;
  /** Whether answers are compared with the expected classes. */
  readonly checks: boolean;
}

/** How long the last answers may take. */
const LAST_ANSWERS_MS = 10_000;

/**
 * More beats a second would cost the shared cores more than the requests do; what falls between two is sent at the
 * later one, and its latency counted from when it was due.
 */
const SHORTEST_BEAT_MS = 0.5;
/** Time here begins with the first beat, which may have come late. */
const SPARE_BEATS = 20;

/** Time for the first connections to be accepted. */
const CONNECT_MS = 100;

/**
 * Sends requests at even times and counts the latency of each from the time it was due, so that a server which holds
 * up the sender does not make its own figures look better ("coordinated omission", G. Tene, "How NOT to measure
 * latency", 2013).
 */
export async function runOpenLoop(
  port: number,
  requests: readonly PreparedRequest[],
  { perSecond, ms, connections, maxConnections, napMs, checks }: OpenLoop,
): Promise<LoadResult> {
  const tally = new Tally();
  const schedule = scheduleOf(perSecond, ms);
  const all: Connection[] = [];
  /** Each sends one request. */
  const idle: ((index: number) => void)[] = [];
  /**
   * Those opened in a bad moment: were they to take turns with the rest from then on, no connection would be in the
   * caches of either side when it is used.
   */
  const spare: typeof idle = [];
  let open = 0;
  let sent = 0;
  let startedMs = 0;
  let onAnswer = (): void => {};

  const add = (to: typeof idle): ((index: number) => void) => {
    let index = 0;
    const done = (): void => {
      open -= 1;
      to.push(send);
      onAnswer();
    };
    const connection = new Connection(
      port,
      {
        answered(answer) {
          const request = requests[index % requests.length];
          const latencyMs = performance.now() - startedMs - dueMs(schedule, index);
          if (request) tally.add(request, answer, latencyMs, true);
          done();
        },
        lost() {
          tally.lost += 1;
          done();
        },
      },
      checks,
    );
    const send = (next: number): void => {
      index = next;
      open += 1;
      connection.send(requests[next % requests.length]?.bytes ?? new Uint8Array());
    };
    connection.open();
    all.push(connection);
    return send;
  };
  for (let i = 0; i < connections; i++) idle.push(add(idle));
  await delay(CONNECT_MS);

  const intervalMs = napMs ?? Math.max(1000 / perSecond, SHORTEST_BEAT_MS);
  const beats = {
    intervalMs,
    count: Math.ceil((schedule.count * 1000) / perSecond / intervalMs) + SPARE_BEATS,
  };
  const sendDue = (): void => {
    if (startedMs === 0) startedMs = performance.now();
    const due = dueBy(schedule, performance.now() - startedMs);
    for (; sent < due; sent++) {
      const send = idle.shift() ?? spare.pop() ?? (all.length < maxConnections ? add(spare) : undefined);
      if (send) {
        tally.addSent(performance.now() - startedMs - dueMs(schedule, sent));
        send(sent);
      } else tally.unsent += 1;
    }
  };
  await (napMs === undefined ? hearMetronome(beats, sendDue) : napBetween(beats, sendDue));
  const allAnswered = new Promise<void>((resolve) => {
    onAnswer = () => open === 0 && resolve();
    onAnswer();
  });
  const patience = new AbortController();
  await Promise.race([allAnswered, delay(LAST_ANSWERS_MS, undefined, { signal: patience.signal })]);
  patience.abort();
  tally.lost += open;
  for (const connection of all) connection.close();
  return tally.result(ms);
}

interface Beats {
  readonly intervalMs: number;
  readonly count: number;
}

/** Beats of a thread of their own, which are exact to a tenth of a millisecond. */
function hearMetronome(beats: Beats, onBeat: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const metronome = new Worker(new URL('metronome.mjs', import.meta.url), {
      workerData: beats,
      execArgv: [],
    });
    metronome.once('error', reject);
    metronome.once('exit', () => resolve());
    metronome.on('message', onBeat);
  });
}

/** Beats of this thread, which does nothing between two. */
async function napBetween({ intervalMs, count }: Beats, onBeat: () => void): Promise<void> {
  const lock = new Int32Array(new SharedArrayBuffer(4));
  const startedMs = performance.now();
  for (let beat = 0; beat < count; beat++) {
    const waitMs = startedMs + beat * intervalMs - performance.now();
    if (waitMs > 0) Atomics.wait(lock, 0, 0, waitMs);
    // What has come meanwhile is read first.
    await nextTurn();
    onBeat();
  }
}
