import { fileURLToPath } from 'node:url';

/** The folder of the package, whether this runs from `src/cli/` or from `dist/cli/`. */
export function packageRoot(): string {
  return fileURLToPath(new URL('../..', import.meta.url));
}
