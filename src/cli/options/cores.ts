import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { posix } from 'node:path';

/** The text of a file; `null` where it cannot be read. */
export type ReadText = (path: string) => string | null;

/** The processor time of this process, in cores. */
export interface Cores {
  /** At least 1. */
  readonly usable: number;
  /** Cores of the machine, or of the process's CPU affinity. */
  readonly present: number;
}

/**
 * The cores that a process may keep busy: all it sees, or fewer where a control group (a container) has a CPU quota,
 * which Node.js 20 does not consult. A fraction of a core counts as one.
 */
export function findCores(present = availableParallelism(), read: ReadText = readText): Cores {
  return { usable: Math.max(1, Math.min(present, Math.ceil(cpuQuota(read)))), present };
}

/** For `--help`, as `2`, or `2 of 16 by the CPU quota`. */
export function describeCores({ usable, present }: Cores): string {
  return usable < present ? `${usable} of ${present} by the CPU quota` : `${usable}`;
}

/** The smallest CPU quota, in cores, of the process's control groups and their parents. */
function cpuQuota(read: ReadText): number {
  const quotas = groupsOf(read).flatMap(({ version, mount, path }) =>
    withParents(path).map((group) => quotaOf(version, posix.join(mount, group), read)),
  );
  return Math.min(Infinity, ...quotas);
}

interface Group {
  readonly version: 1 | 2;
  /** Where the hierarchy is mounted. */
  readonly mount: string;
  /** The group below the mount, as `/a/b`. */
  readonly path: string;
}

/**
 * The control groups of this process that may have a quota.
 * Source: man 7 cgroups, man 5 proc_pid_mountinfo (`id parent device root mount options … - type source options`)
 */
function groupsOf(read: ReadText): Group[] {
  const memberships = lines(read('/proc/self/cgroup')).flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    return controllers === undefined || path === undefined
      ? []
      : [{ controllers: controllers.split(','), path }];
  });
  return lines(read('/proc/self/mountinfo')).flatMap((line): Group[] => {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root = '/', mount = ''] = left.split(' ');
    const [type, , options = ''] = right.split(' ');
    const controller = type === 'cgroup2' ? '' : 'cpu';
    if (type !== 'cgroup2' && !(type === 'cgroup' && options.split(',').includes('cpu'))) return [];
    const own = memberships.find(({ controllers }) => controllers.includes(controller));
    if (!own) return [];
    const below = posix.relative(root, own.path);
    // A group outside the mount cannot be read: the mount itself is the closest.
    const path = below.startsWith('..') ? '/' : posix.join('/', below);
    return [{ version: type === 'cgroup2' ? 2 : 1, mount, path }];
  });
}

/** `/a/b` -> `/a/b`, `/a`, `/` */
function withParents(path: string): string[] {
  return path === '/' ? ['/'] : [path, ...withParents(posix.dirname(path))];
}

function quotaOf(version: 1 | 2, folder: string, read: ReadText): number {
  const file = (name: string): string => read(posix.join(folder, name))?.trim() ?? '';
  const [quota, period] =
    version === 2 ? file('cpu.max').split(' ') : [file('cpu.cfs_quota_us'), file('cpu.cfs_period_us')];
  const cores = Number(quota) / Number(period);
  // A missing file, `max` and -1 mean no limit.
  return cores > 0 ? cores : Infinity;
}

function lines(text: string | null): string[] {
  return text?.split('\n').filter((line) => line !== '') ?? [];
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
