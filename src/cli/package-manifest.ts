import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-paths.js';

interface Manifest {
  readonly version: string;
}

/** The package.json of this package. */
export function packageManifest(): Manifest {
  const manifest: Manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return manifest;
}
