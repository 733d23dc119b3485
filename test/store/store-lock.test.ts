import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withLock } from '../../src/store/store-lock.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-lock-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** No process has it. */
const DEAD_PID = 2 ** 22 + 1;

let locks = 0;
function newPath(): string {
  return join(folder, `lock-${locks++}`);
}

function leaveBehind(path: string, owner: object, ageMs = 0): void {
  writeFileSync(path, JSON.stringify(owner));
  const then = new Date(Date.now() - ageMs);
  utimesSync(path, then, then);
}

describe('withLock', () => {
  it('lets one work at a time, and leaves nothing behind', async () => {
    const path = newPath();
    let working = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++working);
      await delay(2);
      working -= 1;
    };
    await Promise.all(Array.from({ length: 10 }, () => withLock(path, work)));
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is free again after work that failed', async () => {
    const path = newPath();
    const fail = async (): Promise<never> => {
      throw new Error('no');
    };
    await expect(withLock(path, fail)).rejects.toThrow('no');
    await expect(withLock(path, async () => 'yes')).resolves.toBe('yes');
  });

  it('breaks the lock of a process that has died, once however many wait', async () => {
    const path = newPath();
    leaveBehind(path, { id: 'x', pid: DEAD_PID, host: hostname() });
    let working = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++working);
      await delay(1);
      working -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(path, work)));
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('breaks one of another machine, and one without an owner, when it is old', async () => {
    const other = newPath();
    leaveBehind(other, { id: 'x', pid: 1, host: 'elsewhere' }, 700_000);
    await expect(withLock(other, async () => 1)).resolves.toBe(1);
    const unnamed = newPath();
    writeFileSync(unnamed, '');
    utimesSync(unnamed, 1, 1);
    await expect(withLock(unnamed, async () => 2)).resolves.toBe(2);
  });

  it('waits for one that may still be held, and says by whom it is', async () => {
    const path = newPath();
    leaveBehind(path, { id: 'x', pid: 1, host: 'elsewhere' });
    await expect(withLock(path, async () => 1, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'write_failed',
      message: expect.stringContaining('process 1 on elsewhere'),
    });
    rmSync(path);
  });
});
