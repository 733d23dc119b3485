import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detectNchwcBlockSize, worksInBlocksOf } from '../../../src/training/run/nchwc-block-size.js';

describe('detectNchwcBlockSize', () => {
  it('finds a size that the operators of this machine have, or none, and the same again', async () => {
    const block = await detectNchwcBlockSize();
    expect([null, 8, 16]).toContain(block);
    expect(await detectNchwcBlockSize()).toBe(block);
  });

  it('trusts no other size than the one it finds', async () => {
    const block = await detectNchwcBlockSize();
    for (const other of [4, 8, 16, 32].filter((size) => size !== block)) {
      expect(await worksInBlocksOf(other), `${other}`).toBe(false);
    }
  });

  it.runIf(hasAvx2())('finds one on a processor with AVX2', async () => {
    expect(await detectNchwcBlockSize()).not.toBeNull();
  });
});

function hasAvx2(): boolean {
  return existsSync('/proc/cpuinfo') && /\bavx2\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
}
