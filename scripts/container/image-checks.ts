import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ImageConfig } from './buildah.js';
import { runImage, type Container } from './run-image.js';

/** What a check found: `null` where all is as it should be. */
export type Finding = string | null;

const DIGIT = readFileSync(fileURLToPath(new URL('../../examples/digits/7.png', import.meta.url)));

/** Looks at an image that does not run. @param root where its files lie */
export function checkFiles(root: string, config: ImageConfig): Record<string, Finding> {
  const programs = ['bin', 'usr/bin', 'sbin', 'usr/sbin', 'usr/local/bin'].flatMap((folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [],
  );
  const shells = programs.filter((name) => /^(sh|bash|dash|busybox|perl|python\d?|apt|dpkg|npm)$/.test(name));
  const raised = filesUnder(root).filter((path) => (statSync(path).mode & 0o6000) !== 0);
  const owned = filesUnder(join(root, 'app')).filter((path) => statSync(path).uid !== 0);
  const sbom = readFileSync(join(root, 'app', 'sbom.cdx.json'), 'utf8');
  return {
    'has no shell and no package manager': shells.length === 0 ? null : shells.join(', '),
    'has no file that gives rights away': raised.length === 0 ? null : raised.join(', '),
    'runs as user 65532': config.User === '65532:65532' ? null : config.User,
    'owns none of its files': owned.length === 0 ? null : owned.slice(0, 3).join(', '),
    'has a health check without a shell':
      config.Healthcheck?.Test[0] === 'CMD' ? null : 'no HEALTHCHECK of the form CMD',
    'says what it is': config.Labels['org.opencontainers.image.title'] === 'inkdigit' ? null : 'no labels',
    'lists what is in it': ['fastify', 'onnxruntime-node', '@opentelemetry/core', 'node'].every((name) =>
      sbom.includes(`"name": "${name}"`),
    )
      ? null
      : 'the SBOM lacks packages',
  };
}

function filesUnder(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

export interface RunReport {
  readonly findings: Readonly<Record<string, Finding>>;
  /** From the start of the container to the first right answer. */
  readonly startMs: number;
}

/** Runs an image as a container runtime would, read-only and as its own user, and ends it by SIGTERM. */
export async function checkRun(root: string, config: ImageConfig): Promise<RunReport> {
  const findings: Record<string, Finding> = {};
  const port = await freePort();
  const startedMs = performance.now();
  const args = ['serve', '--workers', '2', '--drain-ms', '1500'];
  const container = await runImage(root, config, { args, env: { PORT: String(port) } });
  const url = `http://127.0.0.1:${port}`;
  const first = await firstAnswer(url, container);
  const startMs = performance.now() - startedMs;
  findings['listens on PORT and reads a 7'] = first === 7 ? null : `read ${String(first)}`;
  findings['runs as process 1, without rights'] = rightsOf(container);
  const health = config.Healthcheck?.Test.slice(1) ?? [];
  const well = container.exec(health);
  findings['its health check passes'] = well.status === 0 ? null : well.said;
  findings['writes nothing into itself'] = readsOnly(container) ? null : 'the root is not read-only';
  findings['replaces killed workers and leaves no zombies'] = await killWorkers(container, url);
  findings['goes on while it drains, then ends with 0'] = await stop(container, url, health);
  return { findings, startMs };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** @returns the digit read, or `null` where there was no answer */
async function classify(url: string): Promise<unknown> {
  try {
    const answer = await fetch(`${url}/mnist/classify`, {
      method: 'POST',
      headers: { 'content-type': 'image/png', connection: 'close' },
      body: DIGIT,
    });
    const { responses = [] } = (await answer.json()) as { responses?: { class: number }[] };
    return responses[0]?.class ?? null;
  } catch {
    return null;
  }
}

async function firstAnswer(url: string, container: Container): Promise<unknown> {
  const ended = new AbortController();
  void container.ended.then(() => ended.abort());
  while (!ended.signal.aborted) {
    const digit = await classify(url);
    if (digit !== null) return digit;
    await delay(5);
  }
  return container.output();
}

function rightsOf({ pid }: Container): Finding {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const inside = /^NSpid:.*\s(\d+)$/m.exec(status)?.[1];
  const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
  const rights = /^CapEff:\s+(\w+)/m.exec(status)?.[1] ?? '';
  if (inside !== '1') return `is process ${String(inside)}`;
  if (uid !== '65532') return `runs as ${String(uid)}`;
  return /^0+$/.test(rights) ? null : `has capabilities ${rights}`;
}

function readsOnly({ pid }: Container): boolean {
  return /^\d+ \d+ \S+ \S+ \/ ro[, ]/m.test(readFileSync(`/proc/${pid}/mountinfo`, 'utf8'));
}

/** Three times the youngest process, which is a worker. */
async function killWorkers(container: Container, url: string): Promise<Finding> {
  for (let kill = 0; kill < 3; kill++) {
    const before = container.processes().filter(({ state }) => state !== 'Z');
    const worker = before.findLast(({ pid }) => pid !== container.pid);
    if (!worker) return 'has no worker';
    process.kill(worker.pid, 'SIGKILL');
    await until(() => {
      const now = container.processes().filter(({ state }) => state !== 'Z');
      return now.length >= before.length && now.every(({ pid }) => pid !== worker.pid);
    });
  }
  const zombies = container.processes().filter(({ state }) => state === 'Z');
  if (zombies.length > 0) return `${zombies.length} zombies`;
  return (await classify(url)) === 7 ? null : 'no answer after kills';
}

async function stop(container: Container, url: string, health: readonly string[]): Promise<Finding> {
  process.kill(container.pid, 'SIGTERM');
  await until(async () => (await fetch(`${url}/readyz`)).status === 503);
  const late = await classify(url);
  const sick = container.exec(health);
  const { code, output } = await container.ended;
  if (late !== 7) return `answered ${String(late)} while it drained`;
  if (sick.status !== 1) return `its health check ended with ${sick.status} while it drained`;
  return code === 0 ? null : `ended with ${code}: ${output.slice(-500)}`;
}

async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 60_000;
  while (!(await is())) {
    if (performance.now() > endMs) throw new Error('Expected a change within 60 s, saw none.');
    await delay(20);
  }
}

/** Folders of the hierarchies that count processor time, and the file that bounds it: version 2, or version 1. */
const HIERARCHIES = [
  { parent: '/sys/fs/cgroup', file: 'cpu.max', quota: '100000 100000' },
  { parent: '/sys/fs/cgroup/cpu', file: 'cpu.cfs_quota_us', quota: '100000' },
];

/** A container that may use one core has one worker. @returns `undefined` where this machine lets no group be made */
export async function checkCpuLimit(root: string, config: ImageConfig): Promise<Finding | undefined> {
  for (const { parent, file, quota } of HIERARCHIES) {
    const group = join(parent, `inkdigit-check-${process.pid}`);
    try {
      mkdirSync(group);
    } catch {
      continue;
    }
    // In a hierarchy the kernel puts its files there by itself.
    if (!existsSync(join(group, file))) {
      rmdirSync(group);
      continue;
    }
    writeFileSync(join(group, file), quota);
    const groups = [join(group, 'cgroup.procs')];
    const container = await runImage(root, config, { args: ['serve', '--port', '0'], groups });
    await container.said('"msg":"ready"');
    const workers = /"workers":(\d+)/.exec(container.output())?.[1];
    process.kill(container.pid, 'SIGTERM');
    await container.ended;
    rmdirSync(group);
    return workers === '1' ? null : `started ${String(workers)} workers`;
  }
  return undefined;
}
