import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../../errors.js';
import type { Counter, Histogram, Recorder } from './recorder.js';

/** OpenTelemetry's methods; every other one is `_OTHER`, or callers could make labels at will. */
const METHODS: readonly string[] = [
  'GET',
  'POST',
  'HEAD',
  'OPTIONS',
  'PUT',
  'DELETE',
  'PATCH',
  'CONNECT',
  'TRACE',
];
const OTHER_METHOD = '_OTHER';

/** What nginx logs for a client that left before it was answered. */
const CLIENT_GONE_STATUS = 499;

/** Statuses have three digits. */
const METHOD_FACTOR = 1000;

/** Counts requests, by what they asked and what they got. */
export class HttpMeter {
  readonly #recorder: Recorder;
  readonly #now: () => number;
  /** Route template, then method and status, as one number each. */
  readonly #durations = new Map<string, Map<number, Histogram>>();
  readonly #refusals = new Map<string, Counter>();

  /**
   * @param codes of errors that requests are answered with
   * @param now milliseconds of a steady clock
   */
  constructor(recorder: Recorder, codes: readonly ErrorCode[], now: () => number) {
    this.#recorder = recorder;
    this.#now = now;
    for (const code of codes) this.#refusal(code);
  }

  /** Follows every request of an app; has to come before whatever may answer one. */
  listen(app: FastifyInstance): void {
    app.addHook('onRequest', (request, reply, done) => {
      this.follow(request, reply);
      done();
    });
  }

  /** Follows one request to the end of its answer, or of its connection. */
  follow(request: FastifyRequest, { raw }: FastifyReply): void {
    const startMs = this.#now();
    raw.once('close', () => {
      const isGone = !raw.headersSent;
      const status = isGone ? CLIENT_GONE_STATUS : raw.statusCode;
      const seconds = Math.max(0, this.#now() - startMs) / 1000;
      this.#duration(request.method, request.routeOptions.url ?? '', status).observe(seconds);
      // A client that leaves is noticed here before its request fails for that.
      const code = isGone ? 'client_gone' : request.errorCode;
      if (code) this.#refusal(code).add(1);
    });
  }

  /** A request was refused before the app saw it: in less time than the clock can tell. */
  refused(method: string, route: string, status: number, code: ErrorCode): void {
    this.#duration(method, route, status).observe(0);
    this.#refusal(code).add(1);
  }

  /** What came was answered, and no request. */
  refusedConnection(code: ErrorCode): void {
    this.#refusal(code).add(1);
  }

  #duration(method: string, route: string, status: number): Histogram {
    let ofRoute = this.#durations.get(route);
    if (!ofRoute) this.#durations.set(route, (ofRoute = new Map<number, Histogram>()));
    const place = METHODS.indexOf(method);
    const key = place * METHOD_FACTOR + status;
    let histogram = ofRoute.get(key);
    if (!histogram) {
      const labels = [METHODS[place] ?? OTHER_METHOD, route, String(status)];
      ofRoute.set(key, (histogram = this.#recorder.histogram('httpRequestDuration', labels)));
    }
    return histogram;
  }

  #refusal(code: ErrorCode): Counter {
    let counter = this.#refusals.get(code);
    if (!counter) this.#refusals.set(code, (counter = this.#recorder.counter('refusals', [code])));
    return counter;
  }
}
