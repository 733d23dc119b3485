import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { documentedErrors, faultOf, type FuzzAnswer } from './answers.js';
import { Connection } from './connection.js';
import type { Corpus } from './images.js';
import type { FuzzRequest } from './messages.js';
import { makeRequest, requestOf } from './requests.js';
import type { FuzzedService } from './service.js';

/** A request whose answer was not one of those that may come. */
export interface Finding {
  readonly index: number;
  readonly fault: string;
  readonly request: FuzzRequest;
}

export interface FuzzReport {
  readonly requests: number;
  /** How many answers of each status; 0 counts connections that ended without one, from either side. */
  readonly byStatus: ReadonlyMap<number, number>;
  readonly byKind: ReadonlyMap<string, number>;
  /** Clients that were to leave early, whether or not their answer was quicker. */
  readonly leaving: number;
  readonly slowest: { readonly ms: number; readonly kind: string; readonly index: number };
  /** Of the workers, after the first tenth of the requests and at the end; `null` where the system does not tell. */
  readonly megabytes: { readonly warm: number | null; readonly end: number | null };
  readonly slowestLivezMs: number;
  readonly findings: readonly Finding[];
}

export interface FuzzOptions {
  readonly requests: number;
  readonly seed: number;
  /** Requests in flight at once, each on a connection of its own. */
  readonly connections: number;
  /** An answer that takes longer is a finding. */
  readonly slowMs: number;
  readonly onProgress?: (done: number, findings: number) => void;
}

/** No request is waited for longer. */
const HANG_MS = 20_000;
const PROGRESS_EVERY = 5_000;
/** Findings that are kept; a service that is broken altogether makes no more. */
const MAX_FINDINGS = 200;

const documented = documentedErrors(readFileSync(new URL('../docs/api.md', import.meta.url), 'utf8'));

/** Sends the requests of a seed and judges every answer. */
export async function runFuzz(
  service: FuzzedService,
  corpus: Corpus,
  options: FuzzOptions,
): Promise<FuzzReport> {
  const { requests, seed, connections, slowMs, onProgress } = options;
  const byStatus = new Map<number, number>();
  const byKind = new Map<string, number>();
  const findings: Finding[] = [];
  let slowest = { ms: 0, kind: '', index: 0 };
  let warm: number | null = null;
  let next = 0;
  let leaving = 0;

  const work = async (): Promise<void> => {
    const connection = new Connection(service.port, HANG_MS);
    while (next < requests && findings.length < MAX_FINDINGS && !service.hasEnded) {
      const index = next++;
      const request = makeRequest(seed, index, corpus);
      const startedMs = performance.now();
      const { answer, fault } = await judge(connection, request);
      const ms = performance.now() - startedMs;
      if (ms > slowest.ms) slowest = { ms, kind: request.kind, index };
      count(byStatus, answer?.status ?? 0);
      count(byKind, request.kind);
      if (request.leavesAfterMs !== null) leaving += 1;
      const found = fault ?? (ms > slowMs ? `took ${Math.round(ms)} ms` : null);
      if (found !== null) findings.push({ index, fault: found, request });
      if (index === Math.floor(requests / 10)) warm = service.workerMegabytes();
      if (index % PROGRESS_EVERY === PROGRESS_EVERY - 1) onProgress?.(index + 1, findings.length);
    }
    connection.close();
  };

  await warmUp(service, corpus);
  const watch = watchLiveness(service.port);
  await Promise.all(Array.from({ length: connections }, work));
  const slowestLivezMs = await watch.stop();
  return {
    requests: next,
    byStatus,
    byKind,
    leaving,
    slowest,
    megabytes: { warm, end: service.workerMegabytes() },
    slowestLivezMs,
    findings,
  };
}

/** What the first picture of a kind costs, such as loading the second decoder, is no answer's fault. */
async function warmUp(service: FuzzedService, corpus: Corpus): Promise<void> {
  const connection = new Connection(service.port, HANG_MS);
  for (const image of corpus.good) await connection.ask(requestOf(image));
  connection.close();
}

/** Sends one request and says what is wrong with the answer. */
export async function judge(
  connection: Connection,
  request: FuzzRequest,
): Promise<{ answer: FuzzAnswer | null; fault: string | null }> {
  try {
    const answer = await connection.ask(request);
    return { answer, fault: faultOf(request, answer, documented) };
  } catch (thrown) {
    return { answer: null, fault: String(thrown) };
  }
}

/** Asks `/livez` every 100 ms, beside everything else. */
function watchLiveness(port: number): { stop: () => Promise<number> } {
  let slowestMs = 0;
  const over = new AbortController();
  const watching = (async (): Promise<void> => {
    while (!over.signal.aborted) {
      const startedMs = performance.now();
      const isLive = await fetch(`http://127.0.0.1:${port}/livez`).then(
        ({ ok }) => ok,
        () => false,
      );
      slowestMs = isLive ? Math.max(slowestMs, performance.now() - startedMs) : Infinity;
      await delay(100);
    }
  })();
  return {
    stop: async () => {
      over.abort();
      await watching;
      return slowestMs;
    },
  };
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
