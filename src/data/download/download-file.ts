import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { InkdigitError, messageOf } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';

/** How far the download of one file has come. */
export interface DownloadProgress {
  readonly file: string;
  /** What is on disk, of an earlier, interrupted download as well. */
  readonly receivedBytes: number;
  /** `null` where the server does not say. */
  readonly totalBytes: number | null;
}

export interface DownloadSettings {
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly fetch?: typeof fetch;
  /** A server that sends nothing for so long is given up. */
  readonly stallTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface DownloadRequest {
  /** The file to write. */
  readonly target: string;
  /** Where to get it, asked in this order. */
  readonly urls: readonly string[];
  /** A server that announces or sends more is given up, and nothing of it is kept. */
  readonly maxBytes: number;
  /** Checks what came and gives what `downloadFile` shall return; throws what is wrong with it. */
  readonly verify: (bytes: Uint8Array, source: string) => Promise<Uint8Array>;
}

/** How often one server is asked for the rest of a file that broke off. */
const ATTEMPTS_PER_SERVER = 3;

const DEFAULT_STALL_TIMEOUT_MS = 30_000;

/** A failure after which the same server deserves another attempt. */
class RepeatableFailure extends Error {}

/** A server sent more than the file can be. */
class OversizeError extends Error {
  constructor(maxBytes: number) {
    super(`sent more than ${maxBytes} bytes, the most that was expected`);
  }
}

function isWriteFailure(thrown: unknown): boolean {
  return thrown instanceof InkdigitError && thrown.code === 'write_failed';
}

/** What is done on the disk: no server is to blame where it fails, and no other is asked. */
async function written<T>(target: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const message = `Cannot write ${target}: ${faultAndAdvice(cause)}`;
    throw new InkdigitError('write_failed', message, { cause });
  }
}

/**
 * Downloads one file from the first server that gives it, and verifies it. What came before a connection broke
 * (or the process was stopped) stays beside the target as `.part` and is continued by the next call. The target
 * appears at once and whole.
 * @returns what `verify` returned.
 * @throws InkdigitError `download_failed` that lists each server and its reason, `write_failed` where the disk does not
 * take it; the signal's reason when aborted.
 */
export async function downloadFile(
  request: DownloadRequest,
  settings: DownloadSettings = {},
): Promise<Uint8Array> {
  const { target, urls } = request;
  await written(target, mkdir(dirname(target), { recursive: true }));
  const reasons: string[] = [];
  for (const url of urls) {
    try {
      return await downloadFrom(url, request, settings);
    } catch (thrown) {
      settings.signal?.throwIfAborted();
      if (isWriteFailure(thrown)) throw thrown;
      reasons.push(`  ${url}: ${reasonOf(thrown)}`);
    }
  }
  throw new InkdigitError(
    'download_failed',
    `Could not download ${basename(target)} into ${dirname(target)}:\n${reasons.join('\n')}\n` +
      'Check the network and try again: what has come so far is kept and continued.',
  );
}

async function downloadFrom(
  url: string,
  request: DownloadRequest,
  settings: DownloadSettings,
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    try {
      const resumed = await receive(url, request, settings);
      return await install(url, request, resumed);
    } catch (thrown) {
      settings.signal?.throwIfAborted();
      if (!(thrown instanceof RepeatableFailure) || attempt === ATTEMPTS_PER_SERVER) throw thrown;
    }
  }
}

/**
 * Asks for the file, or for the rest of it, and writes it into the part file.
 * @returns whether the part file is now made of more than one answer.
 */
async function receive(
  url: string,
  { target, maxBytes }: DownloadRequest,
  settings: DownloadSettings,
): Promise<boolean> {
  const { fetch = globalThis.fetch, onProgress } = settings;
  const known = await readPart(target, url);
  const stall = stallGuard(settings.stallTimeoutMs ?? DEFAULT_STALL_TIMEOUT_MS, settings.signal);
  try {
    const response = await fetch(url, { headers: rangeHeaders(known), signal: stall.signal });
    stall.refresh();
    const offset = await acceptedOffset(response, known, target);
    const lengthText = response.headers.get('content-length');
    const totalBytes = lengthText === null ? null : offset + Number(lengthText);
    if (totalBytes !== null && totalBytes > maxBytes) {
      await response.body?.cancel();
      await dropPart(target);
      throw new Error(`announces ${totalBytes} bytes; expected at most ${maxBytes}`);
    }
    if (offset === 0) await startPart(target, url, response);
    const file = basename(target);
    let receivedBytes = offset;
    const part = await written(target, open(partPath(target), 'a'));
    try {
      onProgress?.({ file, receivedBytes, totalBytes });
      for await (const chunk of response.body ?? []) {
        stall.refresh();
        if (receivedBytes + chunk.length > maxBytes) throw new OversizeError(maxBytes);
        await written(target, part.appendFile(chunk));
        receivedBytes += chunk.length;
        onProgress?.({ file, receivedBytes, totalBytes });
      }
    } catch (cause) {
      if (cause instanceof OversizeError) await dropPart(target);
      if (receivedBytes === offset || cause instanceof OversizeError || isWriteFailure(cause)) throw cause;
      const size = totalBytes === null ? '' : ` of ${totalBytes}`;
      throw new RepeatableFailure(`broke off after ${receivedBytes}${size} bytes, ${reasonOf(cause)}`, {
        cause,
      });
    } finally {
      await written(target, part.close());
    }
    return offset > 0;
  } finally {
    stall.stop();
  }
}

/** Where in the file the answer's body begins; refuses every answer that is not (the rest of) the file. */
async function acceptedOffset(response: Response, known: Part, target: string): Promise<number> {
  if (response.status === 200) return 0;
  const range = response.headers.get('content-range') ?? 'none';
  if (response.status === 206 && range.startsWith(`bytes ${known.bytes}-`)) return known.bytes;
  await response.body?.cancel();
  if (response.status === 206 || response.status === 416) {
    await dropPart(target);
    throw new RepeatableFailure(`asked for the bytes from ${known.bytes} on, got the range ${range}`);
  }
  throw new Error(`HTTP ${response.status} ${response.statusText}`.trimEnd());
}

async function install(url: string, request: DownloadRequest, resumed: boolean): Promise<Uint8Array> {
  const { target } = request;
  const bytes = await readFile(partPath(target));
  let content: Uint8Array;
  try {
    content = await request.verify(bytes, url);
  } catch (thrown) {
    await dropPart(target);
    // The file may have changed on the server between the two answers.
    throw resumed ? new RepeatableFailure(messageOf(thrown), { cause: thrown }) : thrown;
  }
  // Written anew rather than renamed: what is installed is what was verified, whatever other process writes the part
  // file.
  const whole = `${target}.${process.pid}.tmp`;
  try {
    await written(target, writeFile(whole, bytes));
    await written(target, rename(whole, target));
  } catch (thrown) {
    // What cannot be written cannot always be removed either; the first reason is the one to tell.
    await rm(whole, { force: true }).catch(() => {});
    throw thrown;
  }
  await dropPart(target);
  return content;
}

/** What an earlier download left: how much, and the mark of the version of the file it came from. */
interface Part {
  readonly bytes: number;
  /** An ETag or a date for `If-Range` (RFC 9110, 13.1.5). */
  readonly validator: string | null;
}

const NO_PART: Part = { bytes: 0, validator: null };

function partPath(target: string): string {
  return `${target}.part`;
}

/** Beside the part file: where it came from. */
function originPath(target: string): string {
  return `${target}.part.json`;
}

async function readPart(target: string, url: string): Promise<Part> {
  try {
    const origin: unknown = JSON.parse(await readFile(originPath(target), 'utf8'));
    const { size } = await stat(partPath(target));
    if (typeof origin !== 'object' || origin === null || !('url' in origin) || origin.url !== url)
      return NO_PART;
    const validator = 'validator' in origin && typeof origin.validator === 'string' ? origin.validator : null;
    return { bytes: size, validator };
  } catch {
    return NO_PART; // nothing there, or not readable: begin anew
  }
}

async function startPart(target: string, url: string, response: Response): Promise<void> {
  const etag = response.headers.get('etag');
  // A weak ETag (W/…) says "means the same", which is not enough to join bytes.
  const validator = etag?.startsWith('"') ? etag : response.headers.get('last-modified');
  await dropPart(target);
  await written(target, writeFile(originPath(target), JSON.stringify({ url, validator })));
  await written(target, writeFile(partPath(target), ''));
}

async function dropPart(target: string): Promise<void> {
  await written(target, rm(partPath(target), { force: true }));
  await written(target, rm(originPath(target), { force: true }));
}

function rangeHeaders(known: Part): Record<string, string> {
  // Packed once more on the way, byte positions would mean something else.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (known.bytes > 0) headers['range'] = `bytes=${known.bytes}-`;
  if (known.bytes > 0 && known.validator !== null) headers['if-range'] = known.validator;
  return headers;
}

function stallGuard(
  timeoutMs: number,
  outer: AbortSignal | undefined,
): { signal: AbortSignal; refresh: () => void; stop: () => void } {
  const stalled = new AbortController();
  const timer = setTimeout(() => {
    stalled.abort(new Error(`nothing came for ${timeoutMs / 1000} s`));
  }, timeoutMs);
  return {
    signal: outer ? AbortSignal.any([stalled.signal, outer]) : stalled.signal,
    refresh: () => timer.refresh(),
    stop: () => clearTimeout(timer),
  };
}

/** fetch throws a TypeError that hides the reason (`fetch failed`, `terminated`) in its cause. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof TypeError) || !(thrown.cause instanceof Error)) return messageOf(thrown);
  const { cause } = thrown;
  return cause.message || ('code' in cause ? String(cause.code) : thrown.message);
}
