import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveModels } from '../../../src/server/models/live-models.js';
import { Shelf } from '../../../src/server/models/shelf.js';
import { fakeVersion, type FakeVersion } from '../../helpers/models/held-versions.js';

describe('LiveModels', () => {
  it('serves what it was swapped to, and keeps the one before open for the way back', () => {
    const [one, two, three] = [fakeVersion(1), fakeVersion(2), fakeVersion(3)];
    const live = new LiveModels(one.loaded);
    live.swap(two.loaded);
    expect(live.current.ref?.version).toBe(2);
    expect(one.closed()).toBe(false);
    live.swap(one.loaded);
    expect([live.serving.ref.version, live.previous?.ref.version]).toEqual([1, 2]);
    live.swap(three.loaded);
    expect([one.closed(), two.closed(), three.closed()]).toEqual([false, true, false]);
  });

  it('lets go of a version that failed, and keeps what is swapped to itself', () => {
    const [one, bad] = [fakeVersion(1), fakeVersion(2)];
    const live = new LiveModels(one.loaded);
    live.swap(one.loaded);
    live.swap(bad.loaded);
    live.swap(one.loaded, false);
    expect([one.closed(), bad.closed()]).toEqual([false, true]);
    live.close();
    expect(one.closed()).toBe(true);
  });

  it('never closes what a request holds, and closes all else, whatever is swapped', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('new', 'back', 'discard', 'hold', 'release')), (steps) => {
        const all: FakeVersion[] = [fakeVersion(1)];
        const live = new LiveModels(all[0]!.loaded);
        const held: FakeVersion[] = [];
        for (const step of steps) {
          if (step === 'new') {
            const next = fakeVersion(all.length + 1);
            all.push(next);
            live.swap(next.loaded);
          } else if (step === 'release') held.pop()?.loaded.letGo();
          else if (step === 'hold') {
            live.current.hold();
            held.push(all.find(({ loaded }) => loaded === live.serving)!);
          } else if (live.previous) live.swap(live.previous, step === 'back');
          for (const one of all) {
            const isNeeded =
              one.loaded === live.serving || one.loaded === live.previous || held.includes(one);
            expect(one.closed()).toBe(!isNeeded);
          }
        }
      }),
    );
  });
});

describe('Shelf', () => {
  /** A thing, how often it was opened, and how often closed. */
  function counted(): { open: () => Promise<{ close: () => Promise<void> }>; counts: number[] } {
    const counts = [0, 0];
    return {
      counts,
      open: async () => {
        counts[0]! += 1;
        return {
          close: async () => {
            counts[1]! += 1;
          },
        };
      },
    };
  }

  it('opens a thing once for all who take it, and closes it behind the last', async () => {
    const shelf = new Shelf();
    const { open, counts } = counted();
    const [one, two] = await Promise.all([shelf.take('a', open), shelf.take('a', open)]);
    expect(one.item).toBe(two.item);
    one.putBack();
    await Promise.resolve();
    expect(counts).toEqual([1, 0]);
    two.putBack();
    await Promise.resolve();
    expect(counts).toEqual([1, 1]);
    expect(shelf.size).toBe(0);
    await shelf.take('a', open);
    expect(counts).toEqual([2, 1]);
  });

  it('forgets what could not be opened', async () => {
    const shelf = new Shelf();
    const fail = async (): Promise<never> => {
      throw new Error('no');
    };
    await expect(Promise.all([shelf.take('a', fail), shelf.take('a', fail)])).rejects.toThrow('no');
    const { open, counts } = counted();
    await shelf.take('a', open);
    expect(counts).toEqual([1, 0]);
  });
});
