import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of this package, whether this runs from `src/` or from `dist/`. */
export function packageRoot(): string {
  return fileURLToPath(new URL('..', import.meta.url));
}

/** The version of this package. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version }: { readonly version: string } = JSON.parse(text);
  return version;
}
