import { InkdigitError } from '../../../src/errors.js';
import type { DatasetFile } from '../../../src/data/datasets/dataset.js';
import { sha256Of } from '../../../src/sha256.js';

/** A tar archive of ordinary files, written from the description of ustar in POSIX.1-1988. */
export function tarOf(files: readonly (readonly [name: string, content: Uint8Array])[]): Buffer {
  const blocks: Uint8Array[] = [];
  for (const [name, content] of files) {
    const header = Buffer.alloc(512);
    header.write(name, 0, 'latin1');
    header.write('0000644\0', 100, 'latin1');
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
    header.write('        ', 148, 'latin1');
    header.write('0', 156, 'latin1');
    header.write('ustar\0', 257, 'latin1');
    seal(header);
    blocks.push(header, content, Buffer.alloc((512 - (content.length % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** Writes the checksum that a header needs. */
export function seal(header: Buffer): void {
  header.write('        ', 148, 'latin1');
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}

/** How a registry would describe this content. */
export function fileOf(name: string, content: Uint8Array, urls: readonly string[] = []): DatasetFile {
  return { name, bytes: content.length, sha256: sha256Of(content), urls };
}

/** What an action refuses with. */
export function errorOf(action: () => unknown): InkdigitError {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof InkdigitError) return thrown;
    throw thrown;
  }
  throw new Error('expected an error');
}

/** The bytes of a text. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
