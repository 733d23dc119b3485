import type * as Grpc from '@grpc/grpc-js';
import type { InkdigitError } from '../../errors.js';
import { ApiKeys, keyOf, unauthorized } from '../security/api-keys.js';
import { addressOf } from '../security/client-address.js';
import type { Arrivals } from './arrivals.js';
import { noteCall, type CallNotes } from './call-notes.js';
import type { CallReports } from './call-reports.js';

/** What is answered without a key, as the routes of health are. */
const OPEN_CALLS: ReadonlySet<string> = new Set([
  '/grpc.health.v1.Health/Check',
  '/grpc.health.v1.Health/Watch',
  '/inference.GRPCInferenceService/ServerLive',
  '/inference.GRPCInferenceService/ServerReady',
]);

/** What is traced but for health, of which there is much and nothing to learn; reflection lasts as long as it likes. */
const TRACED = '/inference.GRPCInferenceService/';

type PartialStatus = Parameters<Grpc.ServerInterceptingCall['sendStatus']>[0];

/** The W3C's, as answers over HTTP have it. */
const TRACE_ANSWER = 'traceresponse';

export interface CallGateDeps {
  /** By `digestOfKey`; none lets everybody in. */
  readonly keyDigests: readonly string[];
  readonly arrivals: Arrivals;
  /** What a call is refused with before its message arrives; undefined lets it come. */
  readonly refusalOf: (path: string) => InkdigitError | undefined;
  readonly failureOf: (thrown: unknown) => Grpc.StatusObject;
  readonly reports: Pick<CallReports, 'begin' | 'answered' | 'gone'>;
}

/**
 * Stands before every call: asks for a key and refuses under overload before the message arrives, lets messages arrive
 * a few at a time, and has it reported how each call went.
 */
export function createCallGate(
  grpc: typeof Grpc,
  { keyDigests, arrivals, refusalOf, failureOf, reports }: CallGateDeps,
): Grpc.ServerInterceptor {
  const keys = keyDigests.length > 0 ? new ApiKeys(keyDigests) : undefined;

  const refusalBy = (path: string, metadata: Grpc.Metadata): InkdigitError | undefined => {
    if (!keys || OPEN_CALLS.has(path)) return refusalOf(path);
    const key = keyOf({ headers: headersOf(metadata) });
    return key !== undefined && keys.indexOf(key) >= 0 ? refusalOf(path) : unauthorized(key);
  };

  class GatedCall extends grpc.ServerInterceptingCall {
    #hasStarted = false;
    notes: CallNotes | undefined;
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
            const notes = noteCall(metadata, path, addressOfPeer(call.getPeer()));
            call.notes = notes;
            const refusal = refusalBy(path, metadata);
            // As over HTTP: under overload nothing is done for a call but to refuse it.
            const isTraced = path.startsWith(TRACED) && !OPEN_CALLS.has(path);
            if (isTraced && refusal?.code !== 'overloaded') reports.begin(notes, metadata);
            if (refusal) call.sendStatus(failureOf(refusal));
            else pass(metadata);
          },
          onReceiveMessage(message, pass) {
            call.leave();
            pass(message);
          },
          onCancel() {
            call.leave();
            if (call.notes) reports.gone(call.notes);
          },
        });
      },
      sendStatus(status, pass) {
        call.leave();
        const { notes } = call;
        if (notes) reports.answered(notes, status, performance.now() - startedMs);
        pass(notes?.trace ? withTrace(grpc, status, notes.trace.header) : status);
      },
    });
    return call;
  };
}

/** The same with the trace of its call in its trailers. */
function withTrace(grpc: typeof Grpc, status: PartialStatus, header: string): PartialStatus {
  const metadata = status.metadata?.clone() ?? new grpc.Metadata();
  metadata.set(TRACE_ANSWER, header);
  return { ...status, metadata };
}

/** @param peer an address and a port */
export function addressOfPeer(peer: string): string {
  return addressOf({ ip: peer.replace(/:\d+$/, '') });
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
