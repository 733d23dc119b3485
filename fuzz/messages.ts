import { wholeBetween, type Random } from '../src/random.js';

/** One request as it goes over the wire. */
export interface FuzzRequest {
  /** What it tries, for the summary. */
  readonly kind: string;
  readonly bytes: Buffer;
  /** How many images it holds, where that is known: a success has as many answers. */
  readonly images: number | null;
  /** Whether it is right in every way and must be answered with 200. */
  readonly isGood: boolean;
  /** Whether it stops before its end: the client then closes its half, and no answer need come. */
  readonly isCut: boolean;
  /** How long after it was sent the client leaves, whether or not an answer has come; `null` where it waits. */
  readonly leavesAfterMs: number | null;
}

/** A header's name and value. */
export type Field = readonly [name: string, value: string];

/** A request before it is decided when its client leaves. */
export type Part = Omit<FuzzRequest, 'kind' | 'leavesAfterMs'>;

/** The route that is tried most. */
export const CLASSIFY = '/mnist/classify';
/** The one that reads numbers. */
export const READ = '/mnist/read';
export const JSON_TYPE = 'application/json';

/** A POST that need not be right; `images` as in `FuzzRequest`. */
export function post(
  type: string,
  body: Buffer | string,
  images: number | null = null,
  path = CLASSIFY,
): Part {
  return {
    bytes: message('POST', path, [['content-type', type]], Buffer.from(body)),
    images,
    isGood: false,
    isCut: false,
  };
}

/** The bytes of a request over HTTP/1.1. */
export function message(method: string, path: string, fields: readonly Field[], body: Buffer): Buffer {
  const lines = [...fields, ['content-length', String(body.length)] as const].map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.concat([
    Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: a\r\n${lines.join('')}\r\n`, 'latin1'),
    body,
  ]);
}

/** The JSON body that sends these images. */
export function jsonOf(images: readonly Buffer[]): string {
  return JSON.stringify({ requests: images.map((image) => ({ image: image.toString('base64') })) });
}

/** One thing or more, `max` at most. */
export function list<T>(random: Random, max: number, make: (i: number) => T): T[] {
  return Array.from({ length: wholeBetween(random, 1, max) }, (_, i) => make(i));
}
