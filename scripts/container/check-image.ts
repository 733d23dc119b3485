import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeAppFolder } from './app-folder.js';
import { Buildah } from './buildah.js';
import { checkCpuLimit, checkFiles, checkRun, type Finding } from './image-checks.js';
import { CERTIFICATES, copyNode, LOCAL_BASE, LOCAL_BUILDER, makeBase, makeBuilder } from './local-bases.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const IMAGE = 'localhost/inkdigit';

/** What a registry sends to who pulls the image, at most. */
export const BUDGET_BYTES = 90_000_000;

export interface ImageReport {
  readonly findings: Readonly<Record<string, Finding>>;
  readonly digest: string;
  readonly bytes: number;
  readonly startMs: number;
  /** What could not be checked here. */
  readonly left: readonly string[];
}

/**
 * Builds the image of the Dockerfile without a daemon, on a base of Debian's packages, and runs it.
 * @param whole whether the Dockerfile's first stage is built too, twice, with what npm downloads; without it the
 *   application is gathered from this clone, and the last stage alone is built
 * @param says is called with what is going on
 */
export async function checkImage(whole: boolean, says: (line: string) => void): Promise<ImageReport> {
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-image-'));
  const buildah = new Buildah(join(folder, 'buildah'), says);
  const cache = join(root, '.cache', 'image');
  try {
    makeBase(buildah, cache);
    const build = whole ? wholeBuild(buildah, cache, folder) : lastStage(folder);
    const pushed = ['first', ...(whole ? ['second'] : [])].map((name) => {
      buildah.build(build.context, build.dockerfile, `${IMAGE}:${name}`, build.args);
      return buildah.push(`${IMAGE}:${name}`, join(folder, name));
    });
    const [{ digest, bytes } = { digest: '', bytes: NaN }] = pushed;
    const digests = new Set(pushed.map((one) => one.digest));
    const config = buildah.config(`${IMAGE}:first`);
    const { root: files, unmount } = buildah.mount(`${IMAGE}:first`);
    try {
      const { findings, startMs } = await checkRun(files, config);
      const limit = await checkCpuLimit(files, config);
      return {
        findings: {
          [`is at most ${BUDGET_BYTES / 1e6} MB, compressed`]:
            bytes <= BUDGET_BYTES ? null : `${bytes} bytes`,
          ...(whole && {
            'is the same when built again': digests.size === 1 ? null : [...digests].join(', '),
          }),
          ...checkFiles(files, config),
          ...findings,
          ...(limit !== undefined && { 'has one worker where it may use one core': limit }),
        },
        digest,
        bytes,
        startMs,
        left: limit === undefined ? ['limits of processor time: no control group could be made here'] : [],
      };
    } finally {
      unmount();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Build {
  readonly context: string;
  readonly dockerfile: string;
  readonly args: readonly string[];
}

/** All of the Dockerfile; npm as it is set up on this machine. */
function wholeBuild(buildah: Buildah, cache: string, folder: string): Build {
  makeBuilder(buildah, cache);
  const settings = join(process.env['HOME'] ?? '/root', '.npmrc');
  const npmrc = join(folder, 'npmrc');
  const own = existsSync(settings) ? readFileSync(settings, 'utf8') : '';
  writeFileSync(npmrc, `cafile=${CERTIFICATES}\n${own}`);
  return {
    context: root,
    dockerfile: join(root, 'Dockerfile'),
    args: [
      `--build-arg=BUILDER=${LOCAL_BUILDER}`,
      `--build-arg=BASE=${LOCAL_BASE}`,
      `--volume=${npmrc}:/root/.npmrc:ro`,
    ],
  };
}

/** The last stage, as it stands, and in the place of those before what they make, gathered here. */
function lastStage(folder: string): Build {
  const context = join(folder, 'context');
  mkdirSync(context);
  writeAppFolder(join(context, 'app'));
  copyNode(join(context, 'usr', 'local', 'bin'));
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const head = text.slice(0, text.indexOf('FROM '));
  const last = text.slice(text.lastIndexOf('FROM '));
  const dockerfile = join(folder, 'Dockerfile');
  writeFileSync(dockerfile, `${head}FROM scratch AS build\nCOPY . /\n${last}`);
  return { context, dockerfile, args: [`--build-arg=BASE=${LOCAL_BASE}`] };
}
