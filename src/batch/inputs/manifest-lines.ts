import { dirname, isAbsolute, join } from 'node:path';
import { isS3Address } from './object-store.js';
import type { InputEntry } from './input-entry.js';

/**
 * What one line of a list of images says: a path, or a JSON object with `file` and, where its row shall have another
 * name, `name`. Paths are relative to the list's folder.
 * @param list the path of the list; `-` for standard input, whose paths are relative to the current folder
 * @param line its number, from 1
 * @returns `undefined` for an empty line
 */
export function entryOfLine(text: string, list: string, line: number): InputEntry | undefined {
  const trimmed = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (trimmed.trim() === '') return undefined;
  const said = trimmed.startsWith('{') ? fieldsOf(trimmed) : { file: trimmed };
  if (said === undefined) {
    const message = 'expected a path, or a JSON object with "file", a path, and perhaps "name"';
    return { kind: 'fault', name: `${list}:${line}`, fault: { code: 'invalid_data', message } };
  }
  const { file, name } = said;
  if (/^https?:\/\//i.test(file)) {
    const message = 'expected a file or s3://bucket/key, got an address: nothing is fetched';
    return { kind: 'fault', name: name ?? file, fault: { code: 'invalid_data', message } };
  }
  const path = pathFrom(list, file);
  return { kind: 'image', name: name ?? path, path };
}

function fieldsOf(text: string): { readonly file: string; readonly name?: string } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('file' in value)) return undefined;
  const { file } = value;
  if (typeof file !== 'string' || file === '') return undefined;
  if (!('name' in value)) return { file };
  return typeof value.name === 'string' ? { file, name: value.name } : undefined;
}

function pathFrom(list: string, file: string): string {
  if (isAbsolute(file) || isS3Address(file)) return file;
  if (isS3Address(list)) return `${list.slice(0, list.lastIndexOf('/'))}/${file}`;
  return join(dirname(list), file);
}
