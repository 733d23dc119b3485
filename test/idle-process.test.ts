import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { canRunIdle, forkInBackground } from '../src/idle-process.js';

const SCHED_IDLE = 5;

/** Field 41 of proc(5)'s stat. */
function policyOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]);
}

describe('forkInBackground', () => {
  it('starts a program that runs while the machine is idle', async ({ skip }) => {
    if (!(await canRunIdle())) skip();
    const child = forkInBackground('never-ran.js', 'idle');
    const { pid = 0 } = child;
    // Seen from here: on a busy machine it may never come to run.
    await vi.waitFor(() => expect(policyOf(pid)).toBe(SCHED_IDLE), { timeout: 10_000 });
    child.kill('SIGKILL');
  });

  it('starts a program that is the last of all otherwise', () => {
    const child = forkInBackground('never-ran.js', 'low');
    expect(getPriority(child.pid ?? 0)).toBe(19);
    child.kill('SIGKILL');
  });
});
