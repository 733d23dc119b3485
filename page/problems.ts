import { MnistClientError } from '../src/client/exports.js';
import { DeviceReadError } from './readers/page-reader.js';

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
    return lasting('The page failed', `Reload it and try again. It says: ${String(thrown)}`);
  }
  const { code, status, retryAfterMs } = thrown;
  if (code === 'unreachable') {
    return temporary('The service does not answer', 'Is it still running? npm start begins it again.');
  }
  if (code === 'timeout') {
    return temporary('The service is taking very long', 'It may have a lot to do.');
  }
  if (code === 'not_ready') {
    return temporary('The service is starting or stopping', 'Give it a moment.', retryAfterMs);
  }
  if (status === 503 || status === 504 || status === 429) {
    return temporary('The service is overloaded', 'It has more to do than it can hold.', retryAfterMs);
  }
  if (status === 401) {
    const advice = 'Type it in here; the page keeps it until it is closed or reloaded.';
    return { ...lasting('This service requires an API key', advice), wantsKey: true };
  }
  if (code === 'moved') return lasting('The service has moved', thrown.message);
  if (code === 'invalid_answer' || (status !== undefined && status >= 502)) {
    return lasting(
      'This answer cannot be understood',
      'Another version may have taken over: reload the page.',
    );
  }
  if (status !== undefined && status >= 500) {
    return lasting('The service failed', 'Its log says why. Change the picture to ask again.');
  }
  return lasting('This picture cannot be read', `${sentence(reasonOf(thrown))} Try another file.`);
}

/** What this device says when it does not read a picture. */
function problemOfDevice({ code, message }: DeviceReadError): Problem {
  if (code === 'missing_file' || code === 'reader_broken') {
    return temporary('The models are not here yet', 'They could not be loaded: is there a connection?');
  }
  if (code === 'not_an_image' || code === 'too_many_pixels') {
    return lasting('This picture cannot be read', `${sentence(message)} Try another file.`);
  }
  if (code === 'unsupported') return lasting('This browser hides the pixels', sentence(message));
  return lasting('This device failed', `${sentence(message)} Change the picture to ask again.`);
}

/** Why a picture was refused. */
function reasonOf({ items, message }: MnistClientError): string {
  return items[0]?.message ?? message;
}

/** Begins with a capital letter and ends with a full stop. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** "in 3 seconds"; whole seconds, never less than one. */
export function inSeconds(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return seconds === 1 ? 'in a second' : `in ${seconds} seconds`;
}

function temporary(title: string, advice: string, retryAfterMs?: number): Problem {
  return { title, advice, isTemporary: true, retryAfterMs };
}

function lasting(title: string, advice: string): Problem {
  return { title, advice, isTemporary: false };
}
