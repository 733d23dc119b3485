import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, BenchmarkResult } from '../report/report.js';
import { baggageOf, packageOf, type Baggage, type InstalledFile } from '../serving/installed-files.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PLATFORM = { os: process.platform, arch: process.arch };
/** What the package brings itself (`files` in package.json). */
const OWN = ['bin', 'dist', 'models', 'package.json', 'examples/digits'];
/** Packages that are listed one by one. */
const LISTED = 8;

/** `npm run bench -- size` */
export const sizeBenchmark: Benchmark = {
  name: 'size',
  question: 'How large is the installation, and what of it does a container need?',
  isTimed: false,
  run: async () => tableOf(installedFiles()),
};

/** The parts of the lock file that tell what `npm ci --omit=dev` installs. */
interface LockFile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
}

/** All files of an installation for production, as they lie in this clone. */
function installedFiles(): InstalledFile[] {
  const lock: LockFile = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const folders = Object.entries(lock.packages)
    .filter(([path, entry]) => path !== '' && !entry.dev && !entry.devOptional)
    // Optional packages of other platforms are not there.
    .map(([path]) => path)
    .filter((path) => existsSync(join(ROOT, path)));
  return [...OWN, ...folders].flatMap(filesUnder);
}

/** Packages inside of packages have entries of their own. */
function filesUnder(path: string): InstalledFile[] {
  const file = statSync(join(ROOT, path));
  if (file.isFile())
    return path.startsWith('dist/') && path.endsWith('.map') ? [] : [{ path, bytes: file.size }];
  return readdirSync(join(ROOT, path))
    .filter((name) => name !== 'node_modules')
    .flatMap((name) => filesUnder(`${path}/${name}`));
}

function tableOf(files: readonly InstalledFile[]): BenchmarkResult {
  const sizes = new Map<string, { all: number; needed: number }>();
  const baggage = new Map<Baggage, number>();
  const total = { all: 0, needed: 0 };
  for (const { path, bytes } of files) {
    const why = baggageOf(path, PLATFORM);
    if (why !== null) baggage.set(why, (baggage.get(why) ?? 0) + bytes);
    const own = sizes.get(packageOf(path)) ?? { all: 0, needed: 0 };
    for (const sum of [own, total]) {
      sum.all += bytes;
      if (why === null) sum.needed += bytes;
    }
    sizes.set(packageOf(path), own);
  }
  const largest = [...sizes].toSorted(([, a], [, b]) => b.all - a.all);
  const rest = largest.slice(LISTED);
  const sum = (of: typeof rest, key: 'all' | 'needed'): number =>
    of.reduce((bytes, [, size]) => bytes + size[key], 0);
  return {
    method:
      `What \`npm ci --omit=dev\` installs, by the lock file, with the package's own files (\`inkdigit\`), ` +
      `on ${PLATFORM.os} ${PLATFORM.arch}, without Node.js.`,
    columns: ['package', 'installed, MB', 'needed, MB'],
    rows: [
      ...largest
        .slice(0, LISTED)
        .map(([name, { all, needed }]) => [`\`${name}\``, megabytes(all), megabytes(needed)]),
      [`${rest.length} others`, megabytes(sum(rest, 'all')), megabytes(sum(rest, 'needed'))],
      ['**all**', megabytes(total.all), megabytes(total.needed)],
    ],
    notes: [
      'What a container can go without: ' +
        `${[...baggage].map(([why, bytes]) => `${why} (${megabytes(bytes)} MB)`).join(', ')}.`,
    ],
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
