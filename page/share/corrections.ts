import { NONE } from '../answers.js';
import { text } from '../words/words.js';
import type { ZipEntry } from './zip.js';

/** A picture with what it really shows. */
export interface Correction {
  /** SHA-256 of its bytes, in hexadecimal: one picture is there once. */
  readonly sha256: string;
  /** 0-9, or `NONE`. */
  readonly label: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of the bytes: `image/png` … */
  readonly type: string;
}

/** The folder of non-digits beside those of the digits. */
const NONE_FOLDER = 'none';

const FOLDER = 'corrections';

/** Goes on from the shipped weights, which know digits already. */
export const TRAIN_COMMAND = [
  `unzip ${FOLDER}.zip`,
  `npx inkdigit train --images ${FOLDER} --with-mnist --out runs/mine.onnx`,
].join('\n');

/** "7", or "no digit". */
export function labelText(label: number): string {
  return label === NONE ? text('noDigit') : String(label);
}

/** The label as the service and folders have it: `7`, `none`. */
export function labelName(label: number): string {
  return label === NONE ? NONE_FOLDER : String(label);
}

/** All of them as `inkdigit train --images` takes them: `corrections/7/….png`. */
export function entriesOf(corrections: readonly Correction[]): readonly ZipEntry[] {
  return corrections.map(({ sha256, label, bytes, type }) => ({
    path: `${FOLDER}/${labelName(label)}/${sha256.slice(0, 16)}.${endingOf(type)}`,
    bytes,
  }));
}

function endingOf(type: string): string {
  return (
    {
      'image/jpeg': 'jpg',
      'image/gif': 'gif',
      'image/bmp': 'bmp',
      'image/webp': 'webp',
      'image/tiff': 'tiff',
    }[type] ?? 'png'
  );
}
