import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  CAN_SEE_PROCESSES,
  processorMicroseconds,
  processorMicrosecondsWithEnded,
  processTree,
  residentBytes,
} from '../../../bench/serving/processes.js';

describe.runIf(CAN_SEE_PROCESSES)('processes', () => {
  it('agrees with what this process knows of itself', () => {
    const { user, system } = process.cpuUsage();
    const seen = processorMicroseconds([process.pid]);
    // The kernel counts in hundredths of a second, user and kernel apart.
    expect(Math.abs(seen - (user + system))).toBeLessThan(50_000);
    expect(residentBytes(process.pid) / process.memoryUsage.rss()).toBeCloseTo(1, 0);
  });

  it('finds the processes that a process started, and those that they started', async () => {
    const code = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'console.log(1); ' +
        'process.stdin.resume()'], { stdio: ['inherit', 'pipe', 'ignore'] });
      child.stdout.on('data', () => console.log(child.pid));`;
    const child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'pipe', 'ignore'] });
    const [grandchild] = await once(child.stdout, 'data');
    const tree = processTree(process.pid);
    expect(tree[0]).toBe(process.pid);
    expect(tree).toContain(child.pid);
    expect(tree).toContain(Number(String(grandchild)));
    child.stdin.end();
    await once(child, 'exit');
    expect(processTree(process.pid)).not.toContain(child.pid);
  });

  it('counts what processes took that have ended since', async () => {
    const before = processorMicrosecondsWithEnded([process.pid]);
    const child = spawn(process.execPath, ['-e', 'const end = Date.now() + 200; while (Date.now() < end);']);
    const pid = child.pid ?? 0;
    await once(child, 'exit');
    expect(processorMicrosecondsWithEnded([process.pid, pid]) - before).toBeGreaterThan(100_000);
  });

  it('does not measure a process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(() => processorMicroseconds([child.pid ?? 0])).toThrow(/ended while it was measured/);
  });
});
