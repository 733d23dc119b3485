import { constants, gunzipSync } from 'node:zlib';
import { isImageName } from '../../files/list-images.js';
import { basename } from 'node:path';

/** What a file is, by its first bytes and, where they do not tell, its name. */
export interface FileKind {
  readonly kind: 'idx' | 'tar' | 'parquet' | 'lines' | 'image';
  /** Whether all of it is packed by gzip. */
  readonly isGzip: boolean;
  /** The first bytes of the content. */
  readonly head: Uint8Array;
}

/** As many bytes as tell what a file is. */
export const HEAD_BYTES = 1024;

/** Where a tar archive of POSIX says that it is one. */
const TAR_MAGIC = { at: 257, text: 'ustar' };

/** @param head the first `HEAD_BYTES`, or all of a shorter file */
export function kindOfFile(name: string, head: Uint8Array): FileKind {
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const content = isGzip ? unpackedHead(head) : head;
  const kindOf = (): FileKind['kind'] => {
    if (isIdx(content)) return 'idx';
    if (textAt(content, TAR_MAGIC.at, TAR_MAGIC.text.length) === TAR_MAGIC.text) return 'tar';
    if (textAt(content, 0, 4) === 'PAR1') return 'parquet';
    if (isImageName(basename(name))) return 'image';
    return isText(content) ? 'lines' : 'image';
  };
  return { kind: kindOf(), isGzip, head: content };
}

/** What can be unpacked of the beginning of a file. */
function unpackedHead(head: Uint8Array): Uint8Array {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array();
  }
}

function textAt(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}

/** Names and JSON have no control characters but tabs and line ends. */
function isText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

/** Two zeros, the type of the elements, the number of dimensions. */
function isIdx([first, second, type = 0, rank = 0]: Uint8Array): boolean {
  return first === 0 && second === 0 && type >= 0x08 && type <= 0x0e && rank >= 1 && rank <= 4;
}
