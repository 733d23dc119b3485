import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const deployFolder = fileURLToPath(new URL('../../deploy/', import.meta.url));

/** What a YAML file says, as far as the tests look into it. */
export type Value =
  string | number | boolean | null | readonly Value[] | { readonly [member: string]: Value };

export interface ManifestFile {
  /** From `deploy/`, with `/`. */
  readonly path: string;
  readonly documents: readonly Value[];
}

/** All YAML files below a folder of `deploy/`. @throws Error where one is not YAML */
export function yamlFiles(folder: string): ManifestFile[] {
  return readdirSync(join(deployFolder, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({
      path: relative(deployFolder, file).replaceAll('\\', '/'),
      documents: parseDocuments(readFileSync(file, 'utf8'), file),
    }));
}

/** The documents of a text. @throws Error where it is not YAML */
export function parseDocuments(yaml: string, name: string): Value[] {
  return parseAllDocuments(yaml).map((document) => {
    const [error] = document.errors;
    if (error) throw new Error(`${name}: ${error.message}`);
    return document.toJS() as Value;
  });
}

/** The value at a path of members, `null` where there is none. */
export function at(value: Value | undefined, ...path: readonly string[]): Value {
  let found: Value | undefined = value;
  for (const member of path) {
    if (found === null || typeof found !== 'object' || Array.isArray(found)) return null;
    found = (found as Readonly<Record<string, Value>>)[member];
  }
  return found ?? null;
}

/** The members of a list; none where it is no list. */
export function list(value: Value | undefined, ...path: readonly string[]): readonly Value[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** A value as text, one that is no text as JSON. */
export function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
