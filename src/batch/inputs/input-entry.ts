import type { Fault } from '../plan/found-image.js';

/** Standard input, as a path. A file of that name is `./-`. */
export const STDIN = '-';

/**
 * One line of the list of inputs, which a batch writes before it reads the first image: what is to be read, and in what
 * order, is the same when it goes on after it was stopped, whatever happened to folders in between.
 */
export type InputEntry =
  | { readonly kind: 'image'; readonly name: string; readonly path: string }
  /** An image that cannot be read: its row has the error. */
  | { readonly kind: 'fault'; readonly name: string; readonly fault: Fault }
  | Container;

/** A file of many images. */
export type Container = {
  readonly path: string;
  /** Of its content, so that another in its place is noticed; empty for standard input. */
  readonly stamp: string;
} & (
  | { readonly kind: 'idx'; readonly images: number }
  /** Its images are not counted before they are read. */
  | { readonly kind: 'tar'; readonly bytes: number }
  | { readonly kind: 'parquet'; readonly images: number; readonly column: string }
);

/** An entry as a line; an image whose name is its path, as most, is that alone. */
export function entryLine(entry: InputEntry): string {
  const isPlain = entry.kind === 'image' && entry.name === entry.path;
  return `${JSON.stringify(isPlain ? entry.path : entry)}\n`;
}

/** @param line written by `entryLine` */
export function parseEntry(line: string): InputEntry {
  const value: string | InputEntry = JSON.parse(line);
  return typeof value === 'string' ? { kind: 'image', name: value, path: value } : value;
}
