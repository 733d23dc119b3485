import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeCores, findCores } from '../../../src/cli/options/cores.js';

/** The cores found where these files are all there is. */
function usable(present: number, files: Readonly<Record<string, string>>): number {
  return findCores(present, (path) => files[path] ?? null).usable;
}

const V2_MOUNT = '29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';

/** A container: its own group is the root of all that it sees. */
function container(cpuMax: string): Record<string, string> {
  return {
    '/proc/self/cgroup': '0::/\n',
    '/proc/self/mountinfo': `21 1 8:1 / / rw - ext4 /dev/sda1 rw\n${V2_MOUNT}`,
    '/sys/fs/cgroup/cpu.max': cpuMax,
  };
}

describe('findCores', () => {
  it('takes what it sees where there is no control group, and no quota', () => {
    expect(usable(8, {})).toBe(8);
    expect(usable(8, container('max 100000\n'))).toBe(8);
    expect(usable(8, container(''))).toBe(8);
    expect(usable(8, { ...container('100000 100000\n'), '/proc/self/mountinfo': '' })).toBe(8);
    expect(usable(8, { ...container('100000 100000\n'), '/proc/self/cgroup': 'nonsense\n' })).toBe(8);
  });

  it.each([
    ['200000 100000', 2],
    ['150000 100000', 2],
    ['10000 100000', 1],
    ['50000 10000', 5],
    ['6400000 100000', 8],
  ])('of 8 with cpu.max %s takes %i', (cpuMax, cores) => {
    expect(usable(8, container(`${cpuMax}\n`))).toBe(cores);
  });

  it('rounds a quota up, to 1 at least and to what there is at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256 }), fc.integer({ min: 1, max: 1e8 }), (present, quota) => {
        const cores = usable(present, container(`${quota} 100000\n`));
        expect(cores).toBe(Math.min(present, Math.ceil(quota / 100_000)));
      }),
    );
  });

  it('takes the least of a group and those around it', () => {
    const nested = {
      '/proc/self/cgroup': '0::/work.slice/web.service\n',
      '/proc/self/mountinfo': V2_MOUNT,
      '/sys/fs/cgroup/work.slice/cpu.max': '300000 100000\n',
      '/sys/fs/cgroup/work.slice/web.service/cpu.max': 'max 100000\n',
    };
    expect(usable(8, nested)).toBe(3);
    expect(usable(8, { ...nested, '/sys/fs/cgroup/work.slice/web.service/cpu.max': '100000 100000\n' })).toBe(
      1,
    );
  });

  it('finds the quota of version 1, below what is mounted of the hierarchy', () => {
    const files = {
      '/proc/self/cgroup': '5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc/job\n0::/\n',
      '/proc/self/mountinfo':
        '30 23 0:26 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n' +
        '33 23 0:29 /docker/abc /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '400000\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    };
    expect(usable(8, files)).toBe(4);
    const job = {
      '/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us': '250000\n',
      '/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us': '100000\n',
    };
    expect(usable(8, { ...files, ...job })).toBe(3);
    expect(usable(8, { ...files, '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '-1\n' })).toBe(8);
  });

  it('looks at the mount where the group lies outside of it', () => {
    expect(usable(8, { ...container('200000 100000\n'), '/proc/self/cgroup': '0::/../other\n' })).toBe(2);
  });

  it('works on this machine', () => {
    const { usable: own, present } = findCores();
    expect(own).toBeGreaterThanOrEqual(1);
    expect(own).toBeLessThanOrEqual(present);
  });
});

describe('describeCores', () => {
  it('says what a quota leaves', () => {
    expect(describeCores({ usable: 2, present: 2 })).toBe('2');
    expect(describeCores({ usable: 2, present: 16 })).toBe('2 of 16 by the CPU quota');
  });
});
