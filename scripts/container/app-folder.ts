/**
 * Gathers what a container needs to run inkdigit, in a clone that is installed and built:
 * `node --import tsx scripts/container/app-folder.ts FOLDER`. The package's own files and those of its dependencies,
 * without other platforms' binaries, types, documents and source maps, and `sbom.cdx.json`, the list of all of it
 * (CycloneDX).
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { baggageOf } from '../../bench/serving/installed-files.js';
import { imageSbom, neededFolders, type LockPackages, type Sbom } from './app-files.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const platform = { os: process.platform, arch: process.arch };

/**
 * Writes the folder.
 * @param folder where to; it must not be there yet
 * @throws Error where it is there, or npm fails
 */
export function writeAppFolder(folder: string): void {
  mkdirSync(folder, { recursive: false });
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: LockPackages;
  };
  const packages = neededFolders(lock.packages, (one) => existsSync(join(root, one)));
  for (const path of [...ownFiles(), ...packages.flatMap(filesUnder)]) {
    if (baggageOf(path, platform) === null) copy(path, folder);
  }
  const { devDependencies: _, scripts: __, ...manifest } = readManifest();
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const sbom: Sbom = JSON.parse(npm(['sbom', '--omit=dev', '--sbom-format=cyclonedx'], folder));
  const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
  const version = process.version.slice(1);
  writeFileSync(
    join(folder, 'sbom.cdx.json'),
    `${JSON.stringify(imageSbom(sbom, version, digestOf), null, 2)}\n`,
  );
}

function readManifest(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

/** What is published. */
function ownFiles(): string[] {
  const [packed] = JSON.parse(npm(['pack', '--dry-run', '--json', '--ignore-scripts'], root)) as [
    { files: { path: string }[] },
  ];
  return packed.files.map(({ path }) => path);
}

/** Packages inside of packages have entries of their own. */
function filesUnder(path: string): string[] {
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path))
    .filter((name) => name !== 'node_modules')
    .flatMap((name) => filesUnder(`${path}/${name}`));
}

/** With rights that do not depend on the umask of the machine that installed it. */
function copy(path: string, folder: string): void {
  const to = join(folder, path);
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(join(root, path), to);
  chmodSync(to, statSync(to).mode & 0o100 ? 0o755 : 0o644);
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('Expected the folder to write.');
  writeAppFolder(resolve(folder));
}
