import type * as Grpc from '@grpc/grpc-js';
import type { Readiness } from '../readiness.js';
import { STATUS } from './status.js';

interface HealthRequest {
  readonly service: string;
}

interface HealthResponse {
  readonly status: 'SERVING' | 'NOT_SERVING';
}

/** `grpc.health.v1.Health`: of the server as a whole, and of each of its services alike. */
export class HealthCalls {
  readonly #readiness: Readiness;
  readonly #services: ReadonlySet<string>;
  readonly #watchers = new Set<Grpc.ServerWritableStream<HealthRequest, HealthResponse>>();

  /** @param services names beside the empty one */
  constructor(readiness: Readiness, services: readonly string[]) {
    this.#readiness = readiness;
    this.#services = new Set(['', ...services]);
  }

  get #answer(): HealthResponse {
    return { status: this.#readiness.state === 'ready' ? 'SERVING' : 'NOT_SERVING' };
  }

  /** @throws StatusObject NOT_FOUND for a service that there is not */
  readonly check: Grpc.handleUnaryCall<HealthRequest, HealthResponse> = ({ request }, respond) => {
    if (this.#services.has(request.service)) respond(null, this.#answer);
    else respond({ code: STATUS.NOT_FOUND, details: 'There is no service of that name.' });
  };

  /** Says how it is, and once more when that changes: a service that is shutting down does not become ready again. */
  readonly watch: Grpc.handleServerStreamingCall<HealthRequest, HealthResponse | UnknownService> = (call) => {
    if (!this.#services.has(call.request.service)) {
      // As the protocol has it, the stream stays: the service might come.
      call.write({ status: 'SERVICE_UNKNOWN' });
      return;
    }
    call.write(this.#answer);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is written to it from now on is narrower
    const watcher = call as Grpc.ServerWritableStream<HealthRequest, HealthResponse>;
    this.#watchers.add(watcher);
    call.once('cancelled', () => this.#watchers.delete(watcher));
  };

  /** Tells those who watch that the service shuts down, and ends their calls. */
  end(): void {
    for (const watcher of this.#watchers) {
      watcher.write(this.#answer);
      watcher.end();
    }
    this.#watchers.clear();
  }
}

interface UnknownService {
  readonly status: 'SERVICE_UNKNOWN';
}
