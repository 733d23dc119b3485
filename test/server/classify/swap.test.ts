import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { contentOf } from '../../../src/image/picture.js';
import { ClassifyQueue } from '../../../src/server/classify/classify-queue.js';
import type { ClassifyJob, ReadImage } from '../../../src/server/classify/jobs.js';
import { LiveModels } from '../../../src/server/models/live-models.js';
import { Shadow } from '../../../src/server/models/shadow.js';
import { numberQuestionOf } from '../../../src/reading/number-in-content.js';
import { fakeClassifier } from '../../helpers/models/fake-classifier.js';
import { classifierOf, fakeVersion, type FakeVersion } from '../../helpers/models/held-versions.js';
import { buildTestApp, base64OfDigit, pngOfDigit } from '../../helpers/programs/test-app.js';

const LIMITS = { maxQueue: 1000, timeoutMs: 10_000 };
const standing = (): number => 0;

const readLevel: ReadImage = ([level = 0]) => {
  const frame = new Uint8Array(784);
  frame[0] = level;
  return contentOf(frame);
};

function jobOf(images: number): ClassifyJob {
  const uploads = Array.from({ length: images }, (_, i) => () => Uint8Array.of(1 + (i % 199)));
  return { uploads, options: { maxPixels: 1000, normalize: 'auto' } };
}

/** Version n says the digit n % 10 of everything. */
function versionOf(n: number): FakeVersion {
  return fakeVersion(n, classifierOf(n % 10));
}

describe('a queue whose models are swapped', () => {
  it('answers every request whole, by the version that it says, and closes what is not needed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 150 }), fc.constant('swap'), fc.constant('back')), {
          minLength: 5,
          maxLength: 30,
        }),
        async (events) => {
          const versions = [versionOf(1)];
          const live = new LiveModels(versions[0]!.loaded);
          const fixed = { classifier: fakeClassifier() };
          const queue = new ClassifyQueue({
            ...fixed,
            source: live,
            readImage: readLevel,
            limits: { ...LIMITS, maxQueue: 10_000 },
            now: standing,
          });
          const asked: Promise<void>[] = [];
          for (const event of events) {
            if (typeof event === 'number') {
              const job = queue.submit(jobOf(event));
              asked.push(
                job.results.then((results) => {
                  expect(results).toHaveLength(event);
                  const classes = new Set(results.map(({ reading }) => reading.class));
                  expect([...classes]).toEqual([(job.modelVersion ?? NaN) % 10]);
                }),
              );
            } else if (event === 'swap') {
              versions.push(versionOf(versions.length + 1));
              live.swap(versions.at(-1)!.loaded);
            } else if (live.previous) live.swap(live.previous);
            if (asked.length % 3 === 0) await nextTurn();
          }
          await Promise.all(asked);
          await nextTurn();
          const open = versions.filter(({ closed }) => !closed()).map(({ loaded }) => loaded);
          expect(open).toHaveLength(live.previous ? 2 : 1);
          expect(open).toContain(live.serving);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('ends a request with the models that it began with, however long that takes', async () => {
    const [one, two, three] = [versionOf(1), versionOf(2), versionOf(3)];
    const live = new LiveModels(one.loaded);
    const deps = { classifier: fakeClassifier(), readImage: readLevel, limits: LIMITS, now: standing };
    const queue = new ClassifyQueue({ ...deps, source: live });
    const job = queue.submit(jobOf(300));
    await nextTurn();
    await nextTurn();
    live.swap(two.loaded);
    live.swap(three.loaded);
    const later = queue.submit(jobOf(1));
    expect((await job.results).every(({ reading }) => reading.class === 1)).toBe(true);
    expect([job.modelVersion, (await later.results)[0]?.reading.class]).toEqual([1, 3]);
    await vi.waitFor(() => expect(one.closed()).toBe(true));
  });

  it('lets go of the models of requests that are cancelled, and reads numbers with their own', async () => {
    const [one, two, three] = [versionOf(1), versionOf(2), versionOf(3)];
    const live = new LiveModels(one.loaded);
    const deps = { classifier: fakeClassifier(), readImage: readLevel, limits: LIMITS, now: standing };
    const queue = new ClassifyQueue({ ...deps, source: live });
    const cancelled = queue.submit(jobOf(200));
    const number = queue.submitNumbers({
      uploads: jobOf(1).uploads,
      options: { maxPixels: 1000 },
      question: numberQuestionOf({}),
    });
    await nextTurn();
    cancelled.cancel();
    await expect(cancelled.results).rejects.toMatchObject({ code: 'client_gone' });
    await number.results;
    live.swap(two.loaded);
    live.swap(three.loaded);
    await vi.waitFor(() => expect(one.closed()).toBe(true));
  });

  it('tells of an inference that throws', async () => {
    const broken = fakeVersion(1, {
      ...fakeClassifier(),
      probabilities: async () => {
        throw new Error('broken');
      },
    });
    const deps = { classifier: fakeClassifier(), readImage: readLevel, limits: LIMITS };
    const queue = new ClassifyQueue({ ...deps, source: new LiveModels(broken.loaded) });
    await expect(queue.submit(jobOf(2)).results).rejects.toThrow('broken');
    expect(broken.faults).toHaveLength(1);
  });

  it('offers answered frames to a shadow, which reads them when nothing is in flight', async () => {
    const live = new LiveModels(versionOf(1).loaded);
    const shadow = new Shadow(versionOf(2).loaded, { share: 1 });
    const deps = { classifier: fakeClassifier(), readImage: readLevel, limits: LIMITS, now: standing };
    const queue = new ClassifyQueue({ ...deps, source: live, shadow });
    await Promise.all([queue.submit(jobOf(30)).results, queue.submit(jobOf(10)).results]);
    await vi.waitFor(() => expect(shadow.figures).toMatchObject({ compared: 40, agreed: 0 }));
    expect(shadow.figures.disagreements).toEqual({ '1>2': 40 });
    // A request that began with version 1 and ends when version 3 serves says nothing of that one.
    const early = queue.submit(jobOf(300));
    await nextTurn();
    await nextTurn();
    live.swap(versionOf(3).loaded);
    shadow.restart();
    await Promise.all([early.results, queue.submit(jobOf(10)).results]);
    await vi.waitFor(() => expect(shadow.figures.compared).toBe(10));
    expect(shadow.figures.disagreements).toEqual({ '3>2': 10 });
  });
});

describe('answers of a service with versions', () => {
  it('say which one gave them, in a header and never in the body', async () => {
    const live = new LiveModels(versionOf(4).loaded);
    const app = await buildTestApp({ source: live });
    const images = [{ image: await base64OfDigit(7) }];
    const post = async (url: string, payload: object): Promise<string> => {
      const answer = await app.inject({ method: 'POST', url, payload });
      expect([url, answer.statusCode, answer.headers['x-inkdigit-model']]).toEqual([url, 200, '4']);
      return answer.body;
    };
    for (const url of ['/mnist/classify', '/mnist/classify?detail=full', '/mnist/read']) {
      expect(await post(url, { requests: images })).not.toContain('version');
    }
    const data = images.map(({ image }) => image);
    const inputs = [{ name: 'image', datatype: 'BYTES', shape: [1], data }];
    expect(JSON.parse(await post('/v2/models/digits/infer', { inputs }))).toMatchObject({
      model_version: '4',
    });
    expect(await post('/v1/models/digits:predict', { instances: data })).not.toContain('version');
    const refused = await app.inject({
      method: 'POST',
      url: '/mnist/classify',
      headers: { 'content-type': 'image/png' },
      payload: Buffer.from('no image'),
    });
    expect([refused.statusCode, refused.headers['x-inkdigit-model']]).toEqual([400, undefined]);
    await app.close();
  });

  it('say nothing of versions where there is no store', async () => {
    const app = await buildTestApp();
    const answer = await app.inject({
      method: 'POST',
      url: '/mnist/classify',
      headers: { 'content-type': 'image/png' },
      payload: await pngOfDigit(3),
    });
    expect(answer.headers['x-inkdigit-model']).toBeUndefined();
    expect((await app.inject('/version')).statusCode).toBe(404);
    await app.close();
  });
});
