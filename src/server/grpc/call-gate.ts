import type * as Grpc from '@grpc/grpc-js';
import type { InkdigitError } from '../../errors.js';
import { ApiKeys, keyOf, unauthorized } from '../security/api-keys.js';
import type { Arrivals } from './arrivals.js';

/** What is answered without a key, as the routes of health are. */
const OPEN_CALLS: ReadonlySet<string> = new Set([
  '/grpc.health.v1.Health/Check',
  '/grpc.health.v1.Health/Watch',
  '/inference.GRPCInferenceService/ServerLive',
  '/inference.GRPCInferenceService/ServerReady',
]);

/** What a call ended with. */
interface CallStatus {
  readonly code?: number | null | undefined;
  readonly metadata?: Grpc.Metadata | null | undefined;
}

export interface CallGateDeps {
  /** By `digestOfKey`; none lets everybody in. */
  readonly keyDigests: readonly string[];
  readonly arrivals: Arrivals;
  /** What a call is refused with before its message arrives; undefined lets it come. */
  readonly refusalOf: (path: string) => InkdigitError | undefined;
  readonly failureOf: (thrown: unknown) => Grpc.StatusObject;
  /** Called when a call has its answer. */
  readonly onAnswered: (path: string, status: CallStatus, ms: number) => void;
}

/**
 * Stands before every call: asks for a key and refuses under overload before the message arrives, and lets messages
 * arrive a few at a time.
 */
export function createCallGate(
  grpc: typeof Grpc,
  { keyDigests, arrivals, refusalOf, failureOf, onAnswered }: CallGateDeps,
): Grpc.ServerInterceptor {
  const keys = keyDigests.length > 0 ? new ApiKeys(keyDigests) : undefined;

  const refusalBy = (path: string, metadata: Grpc.Metadata): InkdigitError | undefined => {
    if (!keys || OPEN_CALLS.has(path)) return refusalOf(path);
    const key = keyOf({ headers: headersOf(metadata) });
    return key !== undefined && keys.indexOf(key) >= 0 ? refusalOf(path) : unauthorized(key);
  };

  class GatedCall extends grpc.ServerInterceptingCall {
    #hasStarted = false;
    leave: () => void = () => {};

    /** The first message is let in by its turn; what follows in a unary call is only its end. */
    override startRead(): void {
      if (this.#hasStarted) {
        super.startRead();
        return;
      }
      this.#hasStarted = true;
      this.leave = arrivals.enter({
        start: () => super.startRead(),
        refuse: (error) => this.sendStatus(failureOf(error)),
      });
    }
  }

  return ({ path }, next) => {
    const startedMs = performance.now();
    const call = new GatedCall(next, {
      start(begin) {
        begin({
          onReceiveMetadata(metadata, pass) {
            const refusal = refusalBy(path, metadata);
            if (refusal) call.sendStatus(failureOf(refusal));
            else pass(metadata);
          },
          onReceiveMessage(message, pass) {
            call.leave();
            pass(message);
          },
          onCancel: () => call.leave(),
        });
      },
      sendStatus(status, pass) {
        call.leave();
        onAnswered(path, status, performance.now() - startedMs);
        pass(status);
      },
    });
    return call;
  };
}

/** Which key came with a call, from 0; undefined where none is asked for. */
export function keyIndexOf(keyDigests: readonly string[], metadata: Grpc.Metadata): number | undefined {
  if (keyDigests.length === 0) return undefined;
  return new ApiKeys(keyDigests).indexOf(keyOf({ headers: headersOf(metadata) }) ?? '');
}

/** The two that may carry a key. */
export function headersOf(metadata: Grpc.Metadata): Record<string, string> {
  const named = ['authorization', 'x-api-key'].map((name) => [name, metadata.get(name)[0]] as const);
  return Object.fromEntries(
    named.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
