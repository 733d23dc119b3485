import type { ErrorCode } from '../../errors.js';

/**
 * What the command ends with. A Job of Kubernetes tells by it whether trying again makes sense (`podFailurePolicy`).
 */
export const EXIT_STATUS = {
  /** Every image has its row. */
  done: 0,
  /** Stopped, or held up by something that may pass: the same command with `--resume` goes on. */
  retry: 1,
  /** The inputs, the options or the model are wrong: trying again changes nothing. */
  badInput: 2,
  /** More images could not be read than `--max-errors` allows. */
  tooManyErrors: 3,
} as const;

/** Faults that a second try may not meet. */
const MAY_PASS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'write_failed',
  'download_failed',
  'internal',
  'not_ready',
  'overloaded',
  'deadline_exceeded',
  'rate_limited',
  'request_timeout',
  'client_gone',
]);

/** The exit status for an error that ended a batch. @param code of an `InkdigitError`, or what a service answered */
export function exitStatusOf(code: string): number {
  const codes: ReadonlySet<string> = MAY_PASS;
  const isPassing = codes.has(code) || code === 'unreachable' || code === 'timeout';
  return isPassing ? EXIT_STATUS.retry : EXIT_STATUS.badInput;
}
