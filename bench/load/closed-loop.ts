import { Connection } from './connection.js';
import type { PreparedRequest } from './requests.js';
import { Tally, type LoadResult } from './tally.js';

export interface ClosedLoop {
  readonly kind: 'closed';
  /** Each has one request open, always. */
  readonly connections: number;
  /** When to stop. */
  readonly until: { readonly ms: number } | { readonly requests: number };
  /** Whether answers are compared with the expected classes. */
  readonly checks: boolean;
}

/** How long a server may go without any answer. */
const STALL_MS = 20_000;

/** Share of the time in which answers are not counted yet: at first all requests come at once, and no answer. */
const RAMP_SHARE = 0.2;

/**
 * Keeps a number of requests open, the next one as soon as one is answered: finds out how much a server gets done.
 * The time that is measured ends when no further request is sent; requests that are open then are waited for.
 * @throws Error when the server loses connections or answers nothing: there is nothing to measure
 */
export async function runClosedLoop(
  port: number,
  requests: readonly PreparedRequest[],
  { connections, until, checks }: ClosedLoop,
): Promise<LoadResult> {
  const tally = new Tally();
  const limit = 'requests' in until ? until.requests : Infinity;
  let sent = 0;
  let open = 0;
  let isOver = false;
  const startedMs = performance.now();
  const measuredFromMs = startedMs + ('ms' in until ? RAMP_SHARE * until.ms : 0);
  let endedMs = NaN;
  let stalled: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    stalled = setTimeout(reject, STALL_MS, new Error(`Expected answers, got none for ${STALL_MS} ms.`));
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      endedMs = performance.now();
    };
    const all = Array.from({ length: Math.min(connections, limit) }, () => {
      let request: PreparedRequest | undefined;
      let sentMs = 0;
      const next = (): void => {
        if (!isOver && sent < limit) {
          request = requests[sent % requests.length];
          sent += 1;
          open += 1;
          sentMs = performance.now();
          if (request) connection.send(request.bytes);
          return;
        }
        end();
        if (open > 0) return;
        for (const other of all) other.close();
        resolve();
      };
      const connection = new Connection(
        port,
        {
          answered(answer) {
            open -= 1;
            const nowMs = performance.now();
            const isInTime = !isOver && nowMs >= measuredFromMs;
            if (request) tally.add(request, answer, nowMs - sentMs, isInTime);
            stalled?.refresh();
            next();
          },
          lost() {
            open -= 1;
            tally.lost += 1;
            if (tally.lost > connections)
              reject(new Error(`The server closed ${tally.lost} connections early.`));
            else next();
          },
        },
        checks,
      );
      return Object.assign(connection, { next });
    });
    for (const { next } of all) next();
    if ('ms' in until) setTimeout(end, until.ms);
  }).finally(() => clearTimeout(stalled));
  return tally.result(endedMs - measuredFromMs);
}
