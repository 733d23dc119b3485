import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { isS3Address, type ObjectStore } from './object-store.js';

/** A file or object that has many images. */
export interface ByteSource {
  readonly path: string;
  readonly size: number;
  /** Changes when the content does. */
  readonly stamp: string;
  /** Whether other processes of this machine can read it from its path. */
  readonly isFile: boolean;
  /** Bytes `from` to `to - 1`. */
  read(from: number, to: number): Promise<Uint8Array>;
  /** The bytes from `from` on, in pieces. */
  stream(from?: number): AsyncIterable<Uint8Array>;
}

/** Bytes of one piece: few enough to be held by the hundred, enough that a piece costs nothing. */
const PIECE_BYTES = 512 * 1024;

/**
 * Opens a file, or an object as `s3://bucket/key`.
 * @throws InkdigitError `missing_file`, here and by what it gives; `download_failed`
 */
export async function openSource(path: string, objects: ObjectStore): Promise<ByteSource> {
  if (isS3Address(path)) return objects.open(path);
  const stats = await stat(path).catch((cause: unknown) => {
    throw cannotRead(path, cause);
  });
  return {
    path,
    size: stats.size,
    stamp: stampOf(stats),
    isFile: true,
    read: (from, to) => readRange(path, from, to),
    stream: (from = 0) => streamFile(path, from),
  };
}

/** Changes when the content of a file does. */
export function stampOf({ size, mtime }: { readonly size: number; readonly mtime: Date }): string {
  return `${size} bytes of ${mtime.toISOString()}`;
}

async function readRange(path: string, from: number, to: number): Promise<Uint8Array> {
  try {
    await using file = await open(path);
    const bytes = new Uint8Array(Math.max(0, to - from));
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, from + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } catch (cause) {
    throw cannotRead(path, cause);
  }
}

async function* streamFile(path: string, from: number): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { start: from, highWaterMark: PIECE_BYTES });
  } catch (cause) {
    throw cannotRead(path, cause);
  }
}

/** Why a file cannot be read. @returns InkdigitError `missing_file` */
export function cannotRead(path: string, cause: unknown): InkdigitError {
  return new InkdigitError('missing_file', `Cannot read ${path}: ${faultAndAdvice(cause)}`, { cause });
}
