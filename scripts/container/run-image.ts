import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ImageConfig } from './buildah.js';

/**
 * Puts what a container has where a runtime would: the image read-only, processes of its own, a few devices, memory
 * for /tmp, control groups to read; then becomes the program, which so is process 1.
 */
const CONTAINER = `
set -e
root=$1; user=$2; shift 2
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero random urandom; do
  touch "$root/dev/$device"
  mount --bind /dev/$device "$root/dev/$device"
done
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --rbind -o ro /sys "$root/sys"
exec chroot --userspec="$user" "$root" "$@"
`;

export interface RunOptions {
  /** In the place of the image's command. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** As `1000:1000`; the image's own without it. */
  readonly user?: string;
  /** `cgroup.procs` files that the container's processes are counted in. */
  readonly groups?: readonly string[];
}

/** A container: the files of an image, in namespaces of its own but for the network. */
export interface Container {
  /** Of process 1, as this machine counts it. */
  readonly pid: number;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  output(): string;
  /** Resolves once the output has `text`. @throws Error where the container ends before */
  said(text: string): Promise<void>;
  /** Runs a program inside, as health checks run. */
  exec(command: readonly string[]): { readonly status: number | null; readonly said: string };
  /** Processes inside, with their state (`Z` of zombies). */
  processes(): { readonly pid: number; readonly state: string; readonly name: string }[];
}

/** Starts an image. @param root where its files lie */
export async function runImage(
  root: string,
  config: ImageConfig,
  options: RunOptions = {},
): Promise<Container> {
  const { args = config.Cmd, env = {}, user = config.User, groups = [] } = options;
  const inside = { ...Object.fromEntries(config.Env.map(splitVariable)), ...env };
  const joining = groups.map((file) => `echo $$ > '${file}'`).join('\n');
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child=KILL', '--propagation', 'private'];
  const shell = ['sh', '-c', `${joining}\n${CONTAINER}`, 'sh', root, user];
  const child = spawn('unshare', [...namespaces, ...shell, ...config.Entrypoint, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', ...inside },
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, output }));
  const pid = await firstProcess(child);
  const [uid = '', gid = ''] = user.split(':');
  return {
    pid,
    ended,
    output: () => output,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!output.includes(text)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`The container ended: ${output}`)));
      }),
    exec(command) {
      const where = [
        '--target',
        String(pid),
        '--mount',
        '--pid',
        '--root',
        '--wd=/',
        '--setuid',
        uid,
        '--setgid',
        gid,
      ];
      const { status, stdout, stderr } = spawnSync('nsenter', [...where, '--', ...command], {
        encoding: 'utf8',
        env: inside,
      });
      return { status, said: stdout + stderr };
    },
    processes: () => processesBeside(pid),
  };
}

function splitVariable(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The only child of `unshare --fork`. */
async function firstProcess(child: ChildProcess): Promise<number> {
  const file = `/proc/${child.pid}/task/${child.pid}/children`;
  for (;;) {
    const first = Number.parseInt(readFileSync(file, 'utf8'), 10);
    if (Number.isInteger(first)) return first;
    await delay(5);
  }
}

/** All of its namespace. */
function processesBeside(first: number): ReturnType<Container['processes']> {
  const namespaceOf = (pid: number): string | null => {
    try {
      return readlinkSync(`/proc/${pid}/ns/pid`);
    } catch {
      return null;
    }
  };
  const own = namespaceOf(first);
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && namespaceOf(pid) === own)
    .flatMap((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const field = (name: string): string =>
          new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '';
        return [{ pid, state: field('State'), name: field('Name') }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}
