import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** A disk of `bytes` at a path, to be filled; `null` where none can be had, as mounting takes root. */
export function mountSmallDisk(at: string, size: string): { grow: () => void; unmount: () => void } | null {
  mkdirSync(at);
  const mount = (options: string): boolean =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at]).status === 0;
  if (!mount(`size=${size}`)) return null;
  return { grow: () => mount('remount,size=20m'), unmount: () => spawnSync('umount', [at]) };
}
