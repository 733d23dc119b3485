import { readFileSync } from 'node:fs';

/** The version of this package, whether this runs from `src/` or from `dist/`. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version }: { readonly version: string } = JSON.parse(text);
  return version;
}
