import type { Metadata, status as Status, StatusObject } from '@grpc/grpc-js';
import { InkdigitError, type ErrorCode } from '../../errors.js';
import { statusOf } from '../http/error-table.js';

/* oxlint-disable typescript/no-unsafe-enum-assignment -- tsc checks each number, and the enum itself would load it */
/** The numbers of https://grpc.io/docs/guides/status-codes, so that no client library is loaded for them. */
export const STATUS = {
  CANCELLED: 1 as Status.CANCELLED,
  INVALID_ARGUMENT: 3 as Status.INVALID_ARGUMENT,
  DEADLINE_EXCEEDED: 4 as Status.DEADLINE_EXCEEDED,
  NOT_FOUND: 5 as Status.NOT_FOUND,
  RESOURCE_EXHAUSTED: 8 as Status.RESOURCE_EXHAUSTED,
  UNIMPLEMENTED: 12 as Status.UNIMPLEMENTED,
  INTERNAL: 13 as Status.INTERNAL,
  UNAVAILABLE: 14 as Status.UNAVAILABLE,
  UNAUTHENTICATED: 16 as Status.UNAUTHENTICATED,
} as const;
/* oxlint-enable typescript/no-unsafe-enum-assignment */

/** The codes whose HTTP status says too little. */
const OF_CODE: Readonly<Partial<Record<ErrorCode, Status>>> = {
  client_gone: STATUS.CANCELLED,
  request_timeout: STATUS.DEADLINE_EXCEEDED,
  deadline_exceeded: STATUS.DEADLINE_EXCEEDED,
};

/** HTTP status -> gRPC status, as far as it is not INVALID_ARGUMENT. */
const OF_STATUS: Readonly<Record<number, Status>> = {
  401: STATUS.UNAUTHENTICATED,
  404: STATUS.NOT_FOUND,
  429: STATUS.RESOURCE_EXHAUSTED,
  500: STATUS.INTERNAL,
  501: STATUS.UNIMPLEMENTED,
  // Another process or machine may have room.
  503: STATUS.UNAVAILABLE,
};

/** Wrong images that one message names. */
const MAX_NAMED_ITEMS = 5;
const PUSHBACK_MS = '1000';

/**
 * What a call is answered with where it fails. The trailer `inkdigit-code` has the kind of error; where it pays to ask
 * again, `grpc-retry-pushback-ms` says when.
 * @param newMetadata makes an empty one
 * @param log called with what the service itself got wrong
 */
export function failureOf(
  thrown: unknown,
  newMetadata: () => Metadata,
  log: (thrown: unknown) => void,
): StatusObject {
  const isKnown = thrown instanceof InkdigitError && statusOf(thrown.code) !== 500;
  if (!isKnown) log(thrown);
  const code = isKnown ? thrown.code : 'internal';
  const status = OF_CODE[code] ?? OF_STATUS[statusOf(code)] ?? STATUS.INVALID_ARGUMENT;
  const metadata = newMetadata();
  metadata.set('inkdigit-code', code);
  if (code === 'overloaded') metadata.set('grpc-retry-pushback-ms', PUSHBACK_MS);
  const details = isKnown ? describe(thrown) : 'The service failed to answer; its log says why.';
  return { code: status, details, metadata };
}

/** The message, with the images that are wrong where there are several. */
function describe({ message, items }: InkdigitError): string {
  if (items.length < 2 && message.includes(items[0]?.message ?? '')) return message;
  const named = items.slice(0, MAX_NAMED_ITEMS).map((item) => `[${item.index}] ${item.message}`);
  return `${message} ${named.join('; ')}`;
}
