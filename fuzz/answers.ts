import type { FuzzRequest } from './messages.js';
import { faultOfNumber } from './number-answers.js';

/** One answer as it came. */
export interface FuzzAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

/** What is documented: each status with the codes that come with it. */
export type DocumentedErrors = ReadonlyMap<number, ReadonlySet<string>>;

/** Reads the table of errors of docs/reference/errors.md. */
export function documentedErrors(apiDocs: string): DocumentedErrors {
  const errors = new Map<number, Set<string>>();
  for (const [, status, code = ''] of apiDocs.matchAll(/^\| (\d{3}) +\| `(\w+)`/gm)) {
    const codes = errors.get(Number(status)) ?? new Set<string>();
    errors.set(Number(status), codes.add(code));
  }
  return errors;
}

/** The service's own fault, documented or not. */
const NEVER = 500;

/** @returns what is wrong with the answer, in a few words; `null` when it is one of those that may come. */
export function faultOf(
  request: FuzzRequest,
  answer: FuzzAnswer | null,
  documented: DocumentedErrors,
): string | null {
  if (answer === null) {
    return request.isCut || request.leavesAfterMs !== null ? null : 'closed without an answer';
  }
  const { status, contentType, body } = answer;
  if (status === NEVER) return `${NEVER}: ${body.toString()}`;
  if (request.isGood && request.leavesAfterMs === null && status !== 200)
    return `${status} to a good request: ${body.toString()}`;
  if (status === 204 || status === 304) return body.length === 0 ? null : `${status} with a body`;
  // The answer to HEAD has none.
  if (body.length === 0)
    return request.bytes.toString('latin1', 0, 5) === 'HEAD ' ? null : `${status} without a body`;
  if (status === 200 && !contentType.startsWith('application/json')) return null;
  const content = parse(body);
  if (content === null) return `${status} with what is no JSON`;
  if (status !== 200) return faultOfError(status, content, isInference(request), documented);
  return 'responses' in content ? faultOfResponses(content['responses'], request.images) : null;
}

function parse(body: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const content: unknown = JSON.parse(body.toString());
    return typeof content === 'object' && content !== null ? { ...content } : null;
  } catch {
    return null;
  }
}

/** Whether a request is one of the Open Inference Protocol, whose clients read `error`. */
function isInference({ bytes }: FuzzRequest): boolean {
  return /^POST \/v[12]\//.test(bytes.toString('latin1', 0, 9));
}

function faultOfError(
  status: number,
  content: Readonly<Record<string, unknown>>,
  isOfInference: boolean,
  documented: DocumentedErrors,
): string | null {
  const { code, errors } = content;
  const message = isOfInference ? content['error'] : content['message'];
  if (!documented.get(status)?.has(String(code))) return `${status} ${String(code)} is not documented`;
  if (typeof message !== 'string' || message === '' || message.length > 5_000)
    return `${status} without a message`;
  return Array.isArray(errors) ? null : `${status} without errors`;
}

function faultOfResponses(responses: unknown, images: number | null): string | null {
  if (!Array.isArray(responses)) return 'responses is no list';
  if (images !== null && responses.length !== images)
    return `${responses.length} responses to ${images} images`;
  for (const one of responses as readonly unknown[]) {
    const fault = faultOfResponse(one);
    if (fault !== null) return `${fault}: ${JSON.stringify(one).slice(0, 200)}`;
  }
  return null;
}

function faultOfResponse(one: unknown): string | null {
  if (typeof one === 'object' && one !== null && 'text' in one) return faultOfNumber({ ...one });
  return isClassification(one) ? null : 'a response';
}

function isClassification(one: unknown): boolean {
  if (typeof one !== 'object' || one === null || !('class' in one) || !('probability' in one)) return false;
  const { class: digit, probability } = one;
  const isDigit = Number.isInteger(digit) && Number(digit) >= 0 && Number(digit) <= 9;
  return isDigit && typeof probability === 'number' && probability >= 0 && probability <= 1;
}
