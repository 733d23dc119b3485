import { describe, expect, it } from 'vitest';
import { FairCores } from '../../../bench/simulation/fair-cores.js';
import { simulateMachine, type EvenLoad, type Machine } from '../../../bench/simulation/simulate-machine.js';
import { createRandom } from '../../../src/random.js';

const NO_PAUSES = { everyMs: Infinity, meanMs: 0 };
const machine: Machine = {
  cores: 2,
  workers: 1,
  costs: { turnMs: 0.2, imageMs: 0.1, sendMs: 0, receiveMs: 0, pause: NO_PAUSES },
};
const load: EvenLoad = { perSecond: 100, imagesPerRequest: 1, requests: 200, beatMs: 0.5 };
const run = (one: Machine, asked: Partial<EvenLoad> = {}): ReturnType<typeof simulateMachine> =>
  simulateMachine(one, { ...load, ...asked }, createRandom(1));

describe('simulateMachine()', () => {
  it('takes a turn and an image for a lone request', () => {
    // Due at even times, sent on the next beat.
    const { p50, p99, meanBatch } = run(machine);
    expect(p50).toBeGreaterThanOrEqual(0.3 - 1e-6);
    expect(p99).toBeLessThanOrEqual(0.3 + 0.5 + 1e-6);
    expect(meanBatch).toBe(1);
  });

  it('puts into a turn what has come meanwhile, so that more gets done than one by one', () => {
    // 0.3 ms each, one by one: 3,333 a second at most.
    const { meanBatch, p99 } = run(machine, { perSecond: 8000, requests: 8000 });
    expect(meanBatch).toBeGreaterThan(4);
    expect(p99).toBeLessThan(4);
  });

  it('grows without bound beyond what full turns can do', () => {
    // 64 images in 6.6 ms: 9,700 a second.
    const within = run(machine, { perSecond: 9000, requests: 9000 });
    const beyond = run(machine, { perSecond: 12_000, requests: 12_000 });
    expect(beyond.p99).toBeGreaterThan(10 * within.p99);
  });

  it('shares cores: a worker too many for them makes all slower', () => {
    const costs = { ...machine.costs, imageMs: 5 };
    // Three requests at once, every 20 ms.
    const bursts = { perSecond: 150, beatMs: 20 };
    const roomy = run({ cores: 3, workers: 3, costs }, bursts);
    const tight = run({ cores: 1, workers: 3, costs }, bursts);
    expect(tight.p50).toBeGreaterThan(1.2 * roomy.p50);
    expect(tight.utilization).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('is the same for the same seed, and pauses show at p99 alone', () => {
    const paused = { ...machine, costs: { ...machine.costs, pause: { everyMs: 20, meanMs: 3 } } };
    expect(run(paused)).toEqual(run(paused));
    expect(run(paused).p50).toBeCloseTo(run(machine).p50, 1);
    expect(run(paused).p99).toBeGreaterThan(run(machine).p99 + 1);
  });
});

describe('FairCores', () => {
  it('gives two processes half of one core each', () => {
    const cores = new FairCores(1);
    const done: string[] = [];
    const once = (name: string): ReturnType<FairCores['add']> => {
      let jobs = 1;
      return cores.add(() =>
        jobs-- > 0 ? { ms: 6, end: (nowMs) => done.push(`${name} ${nowMs.toFixed(1)}`) } : null,
      );
    };
    const [a, b] = [once('a'), once('b')];
    cores.wake(a);
    cores.wake(b);
    cores.runUntil(20);
    expect(done).toEqual(['a 10.5', 'b 12.0']);
    expect(cores.busyMs).toBeCloseTo(12);
  });
});
