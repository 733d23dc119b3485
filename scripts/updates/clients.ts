import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../../bench/measuring/statistics.js';

/** What became of the requests of a phase. */
export interface Counts {
  requests: number;
  /** Answered with status 200 and the right digits. */
  right: number;
  wrong: number;
  /** Answered with 503. */
  refused: number;
  /** Answered with another status. */
  failed: number;
  /** Not answered. */
  lost: number;
  /** Milliseconds of all that were answered with 200. */
  readonly latenciesMs: number[];
  /** The first reasons for what was not answered with 200. */
  readonly reasons: string[];
}

export interface RequestBody {
  readonly type: string;
  readonly bytes: Buffer;
  /** Of each image. */
  readonly classes: readonly number[];
}

export interface ClientSettings {
  readonly port: number;
  /** Clients that keep their connection, and those that open one for each request. */
  readonly kept: number;
  readonly short: number;
  /** From one request of a client to its next, where that one was answered by then. */
  readonly everyMs: number;
  readonly bodies: readonly RequestBody[];
}

/** Clients that go on asking, one request at a time each, until they are stopped. */
export class Clients {
  readonly #settings: ClientSettings;
  readonly #running: Promise<void>[];
  #counts = noCounts();
  #isOver = false;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.#running = Array.from({ length: settings.kept + settings.short }, (_, i) => this.#go(i));
  }

  /** Ends a phase. @returns what became of the requests that ended in it */
  take(): Counts {
    const taken = this.#counts;
    this.#counts = noCounts();
    return taken;
  }

  /** Resolves once the last requests have ended. */
  async stop(): Promise<Counts> {
    this.#isOver = true;
    await Promise.all(this.#running);
    return this.take();
  }

  async #go(index: number): Promise<void> {
    const { kept, short, everyMs, bodies } = this.#settings;
    const agent = index < kept ? new Agent({ keepAlive: true, maxSockets: 1 }) : undefined;
    // Not all at once.
    await delay((everyMs * index) / (kept + short));
    for (let sent = index; !this.#isOver; sent += 1) {
      const startedMs = performance.now();
      const body = bodies[sent % bodies.length];
      if (body) await this.#ask(body, agent);
      const restMs = everyMs - (performance.now() - startedMs);
      if (restMs > 0) await delay(restMs);
    }
    agent?.destroy();
  }

  async #ask(body: RequestBody, agent: Agent | undefined): Promise<void> {
    const startedMs = performance.now();
    const answer = await ask(this.#settings.port, body, agent).catch((error: unknown) => String(error));
    const counts = this.#counts;
    counts.requests += 1;
    if (typeof answer === 'string') counts.lost += 1;
    else if (answer.status === 503) counts.refused += 1;
    else if (answer.status !== 200) counts.failed += 1;
    else {
      counts.latenciesMs.push(performance.now() - startedMs);
      if (saysClasses(answer.text, body.classes)) counts.right += 1;
      else counts.wrong += 1;
      return;
    }
    const reason = typeof answer === 'string' ? answer : `${answer.status} ${answer.text}`;
    if (counts.reasons.length < 3) counts.reasons.push(reason.slice(0, 200));
  }
}

/** @throws Error where the connection ends before the answer */
function ask(
  port: number,
  { type, bytes }: RequestBody,
  agent: Agent | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': type, 'content-length': bytes.length };
    const path = '/mnist/classify?normalize=never';
    const sent = request(
      { host: '127.0.0.1', port, path, method: 'POST', headers, agent: agent ?? false },
      (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }),
        );
        answer.on('error', reject);
      },
    );
    sent.setTimeout(30_000, () => sent.destroy(new Error('no answer for 30 s')));
    sent.on('error', reject).end(bytes);
  });
}

function saysClasses(text: string, classes: readonly number[]): boolean {
  const { responses } = JSON.parse(text) as { responses: { class: number }[] };
  return responses.length === classes.length && responses.every((one, i) => one.class === classes[i]);
}

function noCounts(): Counts {
  return { requests: 0, right: 0, wrong: 0, refused: 0, failed: 0, lost: 0, latenciesMs: [], reasons: [] };
}

/** @param share 0 to 1 @returns milliseconds, `NaN` where nothing was answered */
export function latencyOf({ latenciesMs }: Counts, share: number): number {
  return percentile(Float64Array.from(latenciesMs).toSorted(), share);
}
