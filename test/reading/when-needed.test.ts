import { describe, expect, it } from 'vitest';
import { whenNeeded } from '../../src/reading/when-needed.js';

function networkThatTells(closed: string[]) {
  return {
    close: async () => {
      closed.push('closed');
    },
  };
}

describe('whenNeeded', () => {
  it('opens once, at the first use, and closes what was opened', async () => {
    const [opened, closed]: [string[], string[]] = [[], []];
    const network = whenNeeded(async () => {
      opened.push('opened');
      return networkThatTells(closed);
    });
    expect(opened).toEqual([]);
    const [one, other] = await Promise.all([network.get(), network.get()]);
    expect(one).toBe(other);
    expect(opened).toEqual(['opened']);
    await network.close();
    expect(closed).toEqual(['closed']);
  });

  it('closes nothing that was never opened, and tries again after a failure', async () => {
    await whenNeeded(() => Promise.reject(new Error('never'))).close();
    let tries = 0;
    const network = whenNeeded(async () => {
      if (++tries === 1) throw new Error('no');
      return networkThatTells([]);
    });
    await expect(network.get()).rejects.toThrow('no');
    await expect(network.get()).resolves.toBeDefined();
  });
});
