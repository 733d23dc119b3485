import { MnistClientError } from '../src/client/exports.js';
import { DeviceReadError } from './readers/page-reader.js';
import { currentLanguage, text } from './words/words.js';

/** What went wrong and what to do, in words for who uses the page. */
export interface Problem {
  readonly title: string;
  readonly advice: string;
  /** Whether the same request may well be answered later. */
  readonly isTemporary: boolean;
  /** How long the service asked to be left alone, if it did. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the service asks for a key, or for another one. */
  readonly wantsKey?: boolean;
}

/** Puts anything that asking the service may throw into words. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof DeviceReadError) return problemOfDevice(thrown);
  if (!(thrown instanceof MnistClientError)) {
    return lasting(text('pageFailed'), text('pageFailedAdvice', { reason: String(thrown) }));
  }
  const { code, status, retryAfterMs } = thrown;
  if (code === 'unreachable') return temporary(text('unreachable'), text('unreachableAdvice'));
  if (code === 'timeout') return temporary(text('slow'), text('slowAdvice'));
  if (code === 'not_ready') return temporary(text('notReady'), text('notReadyAdvice'), retryAfterMs);
  if (status === 503 || status === 504 || status === 429) {
    return temporary(text('overloaded'), text('overloadedAdvice'), retryAfterMs);
  }
  if (status === 401) {
    return { ...lasting(text('keyWanted'), text('keyWantedAdvice')), wantsKey: true };
  }
  if (code === 'moved') return lasting(text('moved'), thrown.message);
  if (code === 'invalid_answer' || (status !== undefined && status >= 502)) {
    return lasting(text('notUnderstood'), text('notUnderstoodAdvice'));
  }
  if (status !== undefined && status >= 500) return lasting(text('failed'), text('failedAdvice'));
  return lasting(text('unreadable'), text('anotherFile', { reason: refusalText(reasonOf(thrown)) }));
}

/** Why a picture was refused. The service says so in English alone; in other languages the page does, in short. */
export function refusalText(reason: string): string {
  return currentLanguage() === 'en' ? sentence(reason) : text('unreadableAdvice');
}

/** What this device says when it does not read a picture. */
function problemOfDevice({ code, message }: DeviceReadError): Problem {
  if (code === 'missing_file' || code === 'reader_broken') {
    return temporary(text('noModels'), text('noModelsAdvice'));
  }
  if (code === 'not_an_image' || code === 'too_many_pixels') {
    return lasting(text('unreadable'), text('anotherFile', { reason: refusalText(message) }));
  }
  if (code === 'unsupported') return lasting(text('hidesPixels'), text('hidesPixelsAdvice'));
  return lasting(text('deviceFailed'), text('deviceFailedAdvice', { reason: sentence(message) }));
}

function reasonOf({ items, message }: MnistClientError): string {
  return items[0]?.message ?? message;
}

/** Begins with a capital letter and ends with a full stop. */
export function sentence(said: string): string {
  const begun = said.charAt(0).toUpperCase() + said.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** "in 3 seconds"; whole seconds, never less than one. */
export function inSeconds(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return seconds === 1 ? text('inASecond') : text('inSeconds', { n: seconds });
}

function temporary(title: string, advice: string, retryAfterMs?: number): Problem {
  return { title, advice, isTemporary: true, retryAfterMs };
}

function lasting(title: string, advice: string): Problem {
  return { title, advice, isTemporary: false };
}
