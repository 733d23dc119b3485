import { describe, expect, it } from 'vitest';
import { InkdigitError } from '../../../src/errors.js';
import type { VersionRef } from '../../../src/server/models/held-models.js';
import type { ModelOrder } from '../../../src/server/models/model-messages.js';
import { Rollout, type RolloutDeps, type WorkerLink } from '../../../src/server/models/rollout.js';
import { deferred } from '../../helpers/runner/deferred.js';

function ref(version: number): VersionRef {
  return { version, sha256: String(version).padStart(64, '0') };
}

const REPORT = { images: 1, correct: 1, microsecondsAFrame: 1, slowdown: 1 };

type Answer = 'used' | 'refused' | 'silent' | 'dies';

/** Workers that do what they are told, or not; in which order they were told what is kept. */
class Workers {
  readonly rollout: Rollout;
  readonly serving = new Map<number, number>();
  readonly told: string[] = [];
  /** What a worker does with a version. */
  readonly answers = new Map<string, Answer>();

  constructor(deps: Partial<RolloutDeps> = {}) {
    this.rollout = new Rollout(ref(1), {
      check: async () => REPORT,
      wait: async () => {},
      canaryMs: 10,
      swapTimeoutMs: 20,
      ...deps,
    });
  }

  join(id: number, serving = 1): void {
    this.serving.set(id, serving);
    this.rollout.joined(this.#link(id), ref(serving));
  }

  #link(id: number): WorkerLink {
    return { id, tell: (order) => void Promise.resolve().then(() => this.#hear(id, order)) };
  }

  #hear(id: number, order: ModelOrder): void {
    if (order.kind !== 'use' || !this.serving.has(id)) return;
    const { version } = order.ref;
    this.told.push(`${id} uses ${version}${order.keepsPrevious ? '' : ', drops the other'}`);
    const answer = this.answers.get(`${id} ${version}`) ?? 'used';
    if (answer === 'used') {
      this.serving.set(id, version);
      this.rollout.heard(id, { kind: 'used', id: order.id, ms: 1, wasKept: false });
    } else if (answer === 'refused') {
      this.rollout.heard(id, { kind: 'refused', id: order.id, reason: 'it is broken' });
    } else if (answer === 'dies') {
      this.serving.delete(id);
      this.rollout.left(id);
    }
  }
}

function threeWorkers(deps: Partial<RolloutDeps> = {}): Workers {
  const workers = new Workers(deps);
  for (const id of [1, 2, 3]) workers.join(id);
  return workers;
}

describe('Rollout', () => {
  it('tries a version, gives it to one worker and watches that, then to the others one by one', async () => {
    const events: string[] = [];
    const workers = threeWorkers({
      check: async (candidate, serving) => {
        events.push(`check ${candidate.version} against ${serving.version}`);
        return REPORT;
      },
      wait: async (ms) => {
        events.push(`watched for ${ms} with ${[...workers.serving.values()].join()}`);
      },
      onStage: (stage) => events.push(stage),
    });
    expect(await workers.rollout.switchTo(ref(2))).toEqual({ report: REPORT });
    expect(events).toEqual(['checking', 'check 2 against 1', 'swapping', 'watched for 10 with 2,1,1']);
    expect([...workers.serving.values()]).toEqual([2, 2, 2]);
    expect([workers.rollout.serving, workers.rollout.previous]).toEqual([ref(2), ref(1)]);
  });

  it('does nothing where the version serves already', async () => {
    const workers = threeWorkers();
    await workers.rollout.switchTo(ref(1));
    expect(workers.told).toEqual([]);
  });

  it('goes back to the version before without trying or watching: all at once', async () => {
    let checks = 0;
    const workers = threeWorkers({
      check: async () => {
        checks += 1;
        return REPORT;
      },
    });
    await workers.rollout.switchTo(ref(2));
    expect(await workers.rollout.switchTo(ref(1))).toEqual({ report: null });
    expect(checks).toBe(1);
    expect([...workers.serving.values()]).toEqual([1, 1, 1]);
    expect(workers.rollout.previous).toEqual(ref(2));
  });

  it('touches no worker where a version does not pass', async () => {
    const workers = threeWorkers({
      check: async () => {
        throw new InkdigitError('invalid_model', 'it reads nothing');
      },
    });
    await expect(workers.rollout.switchTo(ref(2))).rejects.toThrow('it reads nothing');
    expect(workers.told).toEqual([]);
    expect(workers.rollout.serving).toEqual(ref(1));
  });

  it.each<[Answer, number, RegExp]>([
    ['refused', 1, /Worker 1 could not load it: it is broken/],
    ['dies', 1, /Worker 1 ended/],
    ['silent', 1, /Worker 1 did not load it within 20 ms/],
    ['refused', 3, /Worker 3 could not load it/],
    ['dies', 2, /Worker 2 ended/],
  ])('takes it back from all where one %s (worker %i)', async (answer, worker, reason) => {
    const workers = threeWorkers();
    workers.answers.set(`${worker} 2`, answer);
    await expect(workers.rollout.switchTo(ref(2))).rejects.toThrow(reason);
    expect(new Set(workers.serving.values())).toEqual(new Set([1]));
    const isFirstDead = answer === 'dies' && worker === 1;
    expect(workers.told.some((told) => told.endsWith('drops the other'))).toBe(!isFirstDead);
    expect(workers.rollout.serving).toEqual(ref(1));
    // It may be mended, and then it serves.
    workers.answers.clear();
    await workers.rollout.switchTo(ref(2));
    expect(new Set(workers.serving.values())).toEqual(new Set([2]));
  });

  it.each([
    [
      'fails to answer',
      (workers: Workers) => workers.rollout.heard(1, { kind: 'fault', version: 2, message: 'no' }),
    ],
    ['ends', (workers: Workers) => workers.rollout.left(1)],
  ])('takes it back where the watched worker %s, at once', async (_what, fail) => {
    const watching = deferred();
    const workers = threeWorkers({
      wait: () => {
        watching.resolve();
        return new Promise(() => {});
      },
    });
    const switched = workers.rollout.switchTo(ref(2));
    await watching.promise;
    fail(workers);
    await expect(switched).rejects.toMatchObject({ code: 'invalid_model' });
    expect(workers.told.some((told) => told.startsWith('2 uses 2'))).toBe(false);
    expect(workers.rollout.serving).toEqual(ref(1));
  });

  it('brings workers that started meanwhile to what serves', async () => {
    const workers = threeWorkers({
      wait: async () => workers.join(4),
    });
    await workers.rollout.switchTo(ref(2));
    // One that was started before the swap and is ready after it.
    workers.join(5, 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect([...workers.serving.values()]).toEqual([2, 2, 2, 2, 2]);
  });

  it('switches a service whose workers are all being replaced', async () => {
    const workers = new Workers();
    await workers.rollout.switchTo(ref(2));
    expect(workers.rollout.serving).toEqual(ref(2));
  });
});
