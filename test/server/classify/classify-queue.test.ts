import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InkdigitError } from '../../../src/errors.js';
import type { FrameBatch } from '../../../src/image/frame.js';
import { contentOf, type ImageContent } from '../../../src/image/picture.js';
import { readImageSyncIfSmall } from '../../../src/image/read-image.js';
import { SerialQueue } from '../../../src/image/decode/serial-queue.js';
import { drawDigit } from '../../../src/drawing/draw-digit.js';
import { openModel, type Classifier } from '../../../src/model/classifier.js';
import type { ImageReading } from '../../../src/model/digit-models.js';
import { createFinder } from '../../../src/model/pictures/finder.js';
import { framePicturesBy } from '../../../src/model/pictures/frame-pictures.js';
import type { PictureReader } from '../../../src/reading/picture-reading.js';
import { shippedModelPath } from '../../../src/model/model-paths.js';
import { createRandom } from '../../../src/random.js';
import { MAX_BATCH_IMAGES } from '../../../src/server/classify/batch.js';
import { ClassifyQueue } from '../../../src/server/classify/classify-queue.js';
import type { ClassifyJob, ReadImage } from '../../../src/server/classify/jobs.js';
import { deferred } from '../../helpers/runner/deferred.js';
import { encodePng, enlarge } from '../../helpers/data/digits.js';
import { fakeClassifier } from '../../helpers/models/fake-classifier.js';
import { tinyFinder } from '../../helpers/models/tiny-picture-models.js';

const LIMITS = { maxQueue: 100, timeoutMs: 10_000 };

/** A clock by which reading takes no time: on a busy machine a batch would end early. */
const standing = (): number => 0;

/** An image whose only byte is what the fake classifier reads from its frame. */
function uploadsOf(...levels: readonly number[]): ClassifyJob['uploads'] {
  return levels.map((level) => () => Uint8Array.of(level));
}

const readLevel: ReadImage = ([level = 0]) => {
  if (level === 255) throw new InkdigitError('corrupt_image', 'it is 255');
  const frame = new Uint8Array(784);
  frame[0] = level;
  return contentOf(frame);
};

function jobOf(uploads: ClassifyJob['uploads'], onReleased?: () => void): ClassifyJob {
  return { uploads, options: { maxPixels: 1000, normalize: 'auto' }, onReleased };
}

async function classify(queue: ClassifyQueue, job: ClassifyJob): Promise<readonly ImageReading[]> {
  return queue.submit(job).results;
}

function classesOf(results: readonly ImageReading[]): number[] {
  return results.map(({ reading }) => reading.class);
}

/** The fake classifier, and how many images each of its inferences had. */
function countingClassifier(): { classifier: Classifier; runs: number[] } {
  const runs: number[] = [];
  const fake = fakeClassifier();
  const probabilities = (frames: FrameBatch): Promise<Float32Array> => {
    runs.push(frames.count);
    return fake.probabilities(frames);
  };
  return { classifier: { ...fake, probabilities }, runs };
}

/** Reads as `readLevel`, and how many images it was given. */
function countingReader(): { readImage: ReadImage; images: () => number } {
  let images = 0;
  const readImage: ReadImage = (bytes, options) => {
    images += 1;
    return readLevel(bytes, options);
  };
  return { readImage, images: () => images };
}

describe('ClassifyQueue', () => {
  it('classifies all that has arrived in one inference, each request with its own answers in their order', async () => {
    const { classifier, runs } = countingClassifier();
    const queue = new ClassifyQueue({ now: standing, classifier, readImage: readLevel, limits: LIMITS });
    const answers = await Promise.all([
      classify(queue, jobOf(uploadsOf(3, 1))),
      classify(queue, jobOf(uploadsOf(4))),
      classify(queue, jobOf(uploadsOf(1, 5, 9))),
    ]);
    expect(answers.map(classesOf)).toEqual([[3, 1], [4], [1, 5, 9]]);
    expect(runs).toEqual([6]);
    // And begins anew once it has had nothing to do.
    expect(classesOf(await classify(queue, jobOf(uploadsOf(2))))).toEqual([2]);
    expect(runs).toEqual([6, 1]);
  });

  it('reads requests that come one by one where they arrive, until others come with one again', async () => {
    const { classifier, runs } = countingClassifier();
    const { readImage, images } = countingReader();
    const queue = new ClassifyQueue({ now: standing, classifier, readImage, limits: LIMITS });
    const isReadAtOnce = async (): Promise<boolean> => {
      const before = images();
      const answered = classify(queue, jobOf(uploadsOf(1)));
      const isRead = images() > before;
      await answered;
      // As on its way to a client and back.
      await nextTurn();
      return isRead;
    };
    const alone: boolean[] = [];
    for (let i = 0; i < 5; i++) alone.push(await isReadAtOnce());
    expect(alone).toEqual([false, false, false, true, true]);
    const together = [1, 2, 3].map((level) => classify(queue, jobOf(uploadsOf(level))));
    expect((await Promise.all(together)).map(classesOf)).toEqual([[1], [2], [3]]);
    expect(runs.slice(-2)).toEqual([1, 2]);
    expect(await isReadAtOnce()).toBe(false);
  });

  it('splits what is more than one inference takes, wherever a request begins or ends', async () => {
    const { classifier, runs } = countingClassifier();
    const queue = new ClassifyQueue({
      now: standing,
      classifier,
      readImage: readLevel,
      limits: { ...LIMITS, maxQueue: 500 },
    });
    const levels = Array.from({ length: 3 * MAX_BATCH_IMAGES + 5 }, (_, i) => i % 10);
    const [small, large] = await Promise.all([
      classify(queue, jobOf(uploadsOf(7))),
      classify(queue, jobOf(uploadsOf(...levels))),
    ]);
    expect(classesOf(small)).toEqual([7]);
    expect(classesOf(large)).toEqual(levels);
    expect(runs).toEqual([MAX_BATCH_IMAGES, MAX_BATCH_IMAGES, MAX_BATCH_IMAGES, 6]);
  });

  it('takes what arrives during an inference into the next one', async () => {
    const { classifier, runs } = countingClassifier();
    const late: Promise<readonly ImageReading[]>[] = [];
    const queue = new ClassifyQueue({
      now: standing,
      classifier: {
        ...classifier,
        probabilities: async (frames) => {
          if (late.length === 0)
            late.push(classify(queue, jobOf(uploadsOf(8))), classify(queue, jobOf(uploadsOf(6))));
          return classifier.probabilities(frames);
        },
      },
      readImage: readLevel,
      limits: LIMITS,
    });
    expect(classesOf(await classify(queue, jobOf(uploadsOf(1))))).toEqual([1]);
    expect((await Promise.all(late)).map(classesOf)).toEqual([[8], [6]]);
    expect(runs).toEqual([1, 2]);
  });

  it(
    'refuses at once what does not fit, before reading any of it, and has room again once it has ' +
      'answered',
    async () => {
      const { readImage, images } = countingReader();
      const queue = new ClassifyQueue({
        classifier: fakeClassifier(),
        readImage,
        limits: { ...LIMITS, maxQueue: 4 },
      });
      const first = classify(queue, jobOf(uploadsOf(1, 2, 3)));
      expect(queue.isFull).toBe(false);
      await expect(classify(queue, jobOf(uploadsOf(4, 5)))).rejects.toMatchObject({
        code: 'overloaded',
        message: expect.stringContaining('4 in each process'),
      });
      expect(images()).toBe(0);
      const second = classify(queue, jobOf(uploadsOf(6)));
      expect(queue.isFull).toBe(true);
      expect((await Promise.all([first, second])).map(classesOf)).toEqual([[1, 2, 3], [6]]);
      expect(queue.isFull).toBe(false);
      expect(classesOf(await classify(queue, jobOf(uploadsOf(4, 5, 6, 7))))).toEqual([4, 5, 6, 7]);
    },
  );

  it('names every image that cannot be read, classifies none of them, and spares the requests beside', async () => {
    const { classifier, runs } = countingClassifier();
    const queue = new ClassifyQueue({ now: standing, classifier, readImage: readLevel, limits: LIMITS });
    const [bad, good] = await Promise.allSettled([
      classify(queue, jobOf(uploadsOf(1, 255, 2, 255))),
      classify(queue, jobOf(uploadsOf(5))),
    ]);
    expect(bad).toMatchObject({
      reason: { code: 'corrupt_image', items: [{ index: 1 }, { index: 3, message: 'it is 255' }] },
    });
    expect(good).toMatchObject({ value: [{ reading: { class: 5 } }] });
    expect(runs).toEqual([1]);
    expect(queue.isFull).toBe(false);
  });

  it('reads no more images of a request that was cancelled', async () => {
    let images = 0;
    const queue: ClassifyQueue = new ClassifyQueue({
      classifier: fakeClassifier(),
      readImage: (bytes, options) => {
        images += 1;
        if (images === 2) job.cancel();
        return readLevel(bytes, options);
      },
      limits: LIMITS,
    });
    const job = queue.submit(jobOf(uploadsOf(1, 2, 3, 4)));
    await expect(job.results).rejects.toMatchObject({ code: 'client_gone' });
    expect(images).toBe(2);
    job.cancel();
    expect(classesOf(await classify(queue, jobOf(uploadsOf(5))))).toEqual([5]);
  });

  it('lets others pass while a large picture is read elsewhere, and keeps the order within its request', async () => {
    const large: (() => void)[] = [];
    const queue = new ClassifyQueue({
      classifier: fakeClassifier(),
      readImage: (bytes, options) => {
        const frame = readLevel(bytes, options);
        return bytes[0] === 9 ? new Promise((resolve) => large.push(() => resolve(frame))) : frame;
      },
      limits: LIMITS,
    });
    const slow = classify(queue, jobOf(uploadsOf(1, 9, 2)));
    expect(classesOf(await classify(queue, jobOf(uploadsOf(3, 4))))).toEqual([3, 4]);
    expect(large).toHaveLength(1);
    large[0]?.();
    expect(classesOf(await slow)).toEqual([1, 9, 2]);
  });

  it('goes on with a request whose large picture was read before it begins with others', async () => {
    const large = deferred();
    const read: number[] = [];
    const { classifier, runs } = countingClassifier();
    let isLate = false;
    const queue: ClassifyQueue = new ClassifyQueue({
      now: standing,
      classifier: {
        ...classifier,
        probabilities: async (frames) => {
          // A long request arrives, and then the large picture is there.
          if (!isLate) {
            isLate = true;
            others.push(
              classify(queue, jobOf(uploadsOf(...Array.from({ length: MAX_BATCH_IMAGES }, () => 3)))),
            );
            large.resolve();
            await nextTurn();
          }
          return classifier.probabilities(frames);
        },
      },
      readImage: (bytes, options) => {
        const [level = 0] = bytes;
        read.push(level);
        return level === 9 ? large.promise.then(() => readLevel(bytes, options)) : readLevel(bytes, options);
      },
      limits: LIMITS,
    });
    const others: Promise<readonly ImageReading[]>[] = [];
    const slow = classify(queue, jobOf(uploadsOf(1, 9, 2)));
    expect(classesOf(await slow)).toEqual([1, 9, 2]);
    await Promise.all(others);
    expect(read.slice(0, 4)).toEqual([1, 9, 2, 3]);
    expect(runs).toEqual([1, MAX_BATCH_IMAGES, 2]);
  });

  it('names a large picture that cannot be read, too', async () => {
    const queue = new ClassifyQueue({
      classifier: fakeClassifier(),
      readImage: async (bytes, options) => readLevel(bytes, options),
      limits: LIMITS,
    });
    await expect(classify(queue, jobOf(uploadsOf(1, 255, 2)))).rejects.toMatchObject({
      code: 'corrupt_image',
      items: [{ index: 1 }],
    });
  });

  it('classifies what has been read when reading takes long', async () => {
    const { classifier, runs } = countingClassifier();
    let nowMs = 0;
    const queue = new ClassifyQueue({
      classifier,
      readImage: (bytes, options) => {
        nowMs += 6;
        return readLevel(bytes, options);
      },
      limits: LIMITS,
      now: () => nowMs,
    });
    expect(classesOf(await classify(queue, jobOf(uploadsOf(1, 2, 3, 4, 5))))).toEqual([1, 2, 3, 4, 5]);
    expect(runs).toEqual([2, 2, 1]);
  });

  it.each([
    [
      'the model',
      { classifier: { ...fakeClassifier(), probabilities: () => Promise.reject(new Error('broken')) } },
    ],
    [
      'the decoder',
      {
        readImage: () => {
          throw new Error('broken');
        },
      },
    ],
  ])('hands on what %s throws, and goes on', async (_, broken) => {
    let isBroken = true;
    const whole = { classifier: fakeClassifier(), readImage: readLevel };
    const parts = { ...whole, ...broken };
    const queue = new ClassifyQueue({
      classifier: {
        ...whole.classifier,
        probabilities: (frames) => (isBroken ? parts : whole).classifier.probabilities(frames),
      },
      readImage: (bytes, options) => (isBroken ? parts : whole).readImage(bytes, options),
      limits: LIMITS,
    });
    await expect(classify(queue, jobOf(uploadsOf(1, 2)))).rejects.toThrow('broken');
    isBroken = false;
    expect(classesOf(await classify(queue, jobOf(uploadsOf(3))))).toEqual([3]);
  });
});

/** A reader that is sure of the digit which is the first gray level of a picture modulo 10. */
function fakePictures(): { pictures: PictureReader; runs: number[] } {
  const runs: number[] = [];
  const pictures: PictureReader = {
    async read(all, withViews = false) {
      runs.push(all.length);
      return all.map(({ gray }) => {
        const digit = (gray.data[0] ?? 0) % 10;
        const probabilities = Float32Array.from({ length: 10 }, (_, i) => (i === digit ? 1 : 0));
        const reading = { class: digit, probability: 1, probabilities, digit: true, threshold: 0.5 };
        return { reading: { ...reading, box: [1, 2, 3, 4] }, ...(withViews && { view: gray }) };
      });
    },
    numbers: {
      async read({ gray }) {
        const box = { x: 0, y: 0, width: 1, height: 1 };
        const digit = {
          class: (gray.data[0] ?? 0) % 10,
          probability: 1,
          probabilities: new Float32Array(10),
          box,
        };
        return { lines: [{ digits: [digit], probability: 1 }], probability: 1, unread: [], alternatives: [] };
      },
    },
    close: async () => {},
  };
  return { pictures, runs };
}

function pictureOfLevel(level: number): ImageContent {
  const gray = { width: 1, height: 1, data: Uint8Array.of(level) };
  return { kind: 'picture', picture: { gray, reduction: 1, width: 1, height: 1 } };
}

/** Reads odd levels as pictures and even ones as frames. */
const readMixed: ReadImage = (bytes, options) => {
  const [level = 0] = bytes;
  return level % 2 === 0 ? readLevel(bytes, options) : pictureOfLevel(level);
};

describe('ClassifyQueue, pictures', () => {
  it(
    'gives frames to the one model and pictures to the other, and each request its own answers in their ' +
      'order',
    async () => {
      const { classifier, runs } = countingClassifier();
      const { pictures, runs: pictureRuns } = fakePictures();
      const queue = new ClassifyQueue({
        now: standing,
        classifier,
        pictures,
        readImage: readMixed,
        limits: LIMITS,
      });
      const answers = await Promise.all([
        classify(queue, jobOf(uploadsOf(3, 2, 1))),
        classify(queue, jobOf(uploadsOf(4))),
        classify(queue, { ...jobOf(uploadsOf(5, 6)), withInputs: true }),
      ]);
      expect(answers.map(classesOf)).toEqual([[3, 2, 1], [4], [5, 6]]);
      expect(runs).toEqual([3]);
      expect(pictureRuns).toEqual([3]);
      expect(answers[0]?.map(({ reading }) => reading.box)).toEqual([[1, 2, 3, 4], undefined, [1, 2, 3, 4]]);
      expect(answers[2]?.map(({ input }) => input?.width)).toEqual([1, 28]);
    },
  );

  it('takes fewer pictures than frames in one turn', async () => {
    const { pictures, runs } = fakePictures();
    const queue = new ClassifyQueue({
      now: standing,
      classifier: fakeClassifier(),
      pictures,
      readImage: readMixed,
      limits: LIMITS,
    });
    const levels = Array.from({ length: 70 }, () => 7);
    expect(classesOf(await classify(queue, jobOf(uploadsOf(...levels))))).toEqual(levels);
    expect(runs).toEqual([32, 32, 6]);
  });

  it('answers frames though the reader of pictures fails, and goes on after that', async () => {
    const { pictures } = fakePictures();
    let isBroken = true;
    const queue = new ClassifyQueue({
      classifier: fakeClassifier(),
      pictures: {
        ...pictures,
        read: (...asked) => (isBroken ? Promise.reject(new Error('broken')) : pictures.read(...asked)),
      },
      readImage: readMixed,
      limits: LIMITS,
    });
    const [frames, mixed] = await Promise.allSettled([
      classify(queue, jobOf(uploadsOf(2, 4))),
      classify(queue, jobOf(uploadsOf(2, 3))),
    ]);
    expect(frames).toMatchObject({ status: 'fulfilled' });
    expect(mixed).toMatchObject({
      status: 'rejected',
      reason: expect.objectContaining({ message: 'broken' }),
    });
    isBroken = false;
    expect(classesOf(await classify(queue, jobOf(uploadsOf(3))))).toEqual([3]);
  });

  it('reads no picture of a request that has ended', async () => {
    const { pictures, runs } = fakePictures();
    const large = deferred<ImageContent>();
    const queue = new ClassifyQueue({
      now: standing,
      classifier: fakeClassifier(),
      pictures,
      readImage: (bytes, options) => (bytes[0] === 9 ? large.promise : readMixed(bytes, options)),
      limits: LIMITS,
    });
    const job = queue.submit(jobOf(uploadsOf(9)));
    await nextTurn();
    job.cancel();
    await expect(job.results).rejects.toMatchObject({ code: 'client_gone' });
    large.resolve(pictureOfLevel(9));
    await nextTurn();
    expect(classesOf(await classify(queue, jobOf(uploadsOf(3))))).toEqual([3]);
    expect(runs).toEqual([1]);
    expect(queue.isFull).toBe(false);
  });
});

describe('ClassifyQueue, deadline', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it(
    'answers in time a request whose picture takes too long, and has room again when the decoder has let go of ' +
      'it',
    async () => {
      const decoding = deferred<ImageContent>();
      const onReleased = vi.fn<() => void>();
      const signals: AbortSignal[] = [];
      const queue = new ClassifyQueue({
        classifier: fakeClassifier(),
        readImage: (_bytes, { signal }) => {
          signals.push(signal);
          return decoding.promise;
        },
        limits: { maxQueue: 2, timeoutMs: 500 },
      });
      const waiting = expect(classify(queue, jobOf(uploadsOf(1, 2), onReleased))).rejects.toMatchObject({
        code: 'deadline_exceeded',
        message: expect.stringContaining('within 500 ms'),
      });
      await nextTurn();
      vi.advanceTimersByTime(499);
      expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
      vi.advanceTimersByTime(1);
      await waiting;
      expect(signals[0]?.reason).toMatchObject({ code: 'deadline_exceeded' });
      await nextTurn();
      expect(queue.isFull).toBe(true);
      expect(onReleased).not.toHaveBeenCalled();
      decoding.resolve(contentOf(new Uint8Array(784)));
      await nextTurn();
      expect(queue.isFull).toBe(false);
      expect(onReleased).toHaveBeenCalledTimes(1);
      // The second image is not read: no one waits for it.
      expect(signals).toHaveLength(1);
    },
  );

  it.each([
    ['answered', [1, 2]],
    ['refused', [1, 255]],
  ])('releases once a request that was %s', async (_how, levels) => {
    const onReleased = vi.fn<() => void>();
    const queue = new ClassifyQueue({ classifier: fakeClassifier(), readImage: readLevel, limits: LIMITS });
    const job = queue.submit(jobOf(uploadsOf(...levels), onReleased));
    await Promise.allSettled([job.results]);
    job.cancel();
    expect(onReleased).toHaveBeenCalledTimes(1);
  });

  it('releases at once a request that was cancelled while its picture waited for the decoder', async () => {
    const decoder = new SerialQueue();
    const first = deferred<ImageContent>();
    const begun: number[] = [];
    const queue = new ClassifyQueue({
      classifier: fakeClassifier(),
      readImage: ([level = 0], { signal }) =>
        decoder.run(() => {
          begun.push(level);
          return first.promise;
        }, signal),
      limits: { maxQueue: 3, timeoutMs: 500 },
    });
    const running = queue.submit(jobOf(uploadsOf(1)));
    const abandoned = [queue.submit(jobOf(uploadsOf(2))), queue.submit(jobOf(uploadsOf(3)))];
    await nextTurn();
    expect(queue.isFull).toBe(true);
    for (const job of abandoned) {
      job.cancel();
      await expect(job.results).rejects.toMatchObject({ code: 'client_gone' });
    }
    await nextTurn();
    expect(queue.isFull).toBe(false);
    first.resolve(contentOf(new Uint8Array(784)));
    await running.results;
    await nextTurn();
    expect(begun).toEqual([1]);
  });

  it('does not read what had to wait too long for its turn', async () => {
    const { readImage, images } = countingReader();
    const queue = new ClassifyQueue({
      classifier: fakeClassifier(),
      readImage,
      limits: LIMITS,
    });
    const waiting = expect(classify(queue, jobOf(uploadsOf(1)))).rejects.toMatchObject({
      code: 'deadline_exceeded',
    });
    vi.advanceTimersByTime(LIMITS.timeoutMs);
    await waiting;
    expect(classesOf(await classify(queue, jobOf(uploadsOf(2))))).toEqual([2]);
    expect(images()).toBe(1);
  });

  it('leaves no timer behind', async () => {
    const queue = new ClassifyQueue({ classifier: fakeClassifier(), readImage: readLevel, limits: LIMITS });
    await classify(queue, jobOf(uploadsOf(1, 2)));
    await expect(classify(queue, jobOf(uploadsOf(255)))).rejects.toThrow('cannot be read');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('ClassifyQueue, the shipped model', () => {
  it('gives each image the answer that it gets alone, whatever runs beside it', async () => {
    const { classifier } = await openModel(shippedModelPath());
    const finder = await createFinder(tinyFinder());
    const random = createRandom(1);
    // Small pictures, one that has to be looked for, and one that is read on another thread.
    const images = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        encodePng(enlarge(drawDigit(i % 10, { jitter: 0.05, random }), i === 11 ? 10 : i === 10 ? 3 : 1)),
      ),
    );
    const queue = new ClassifyQueue({
      classifier,
      framePictures: framePicturesBy(finder),
      readImage: readImageSyncIfSmall,
      limits: { maxQueue: 10_000, timeoutMs: 60_000 },
    });
    const classifyAll = (indices: readonly number[]): Promise<readonly ImageReading[]> =>
      classify(queue, {
        ...jobOf(indices.map((index) => () => images[index] ?? new Uint8Array())),
        options: { maxPixels: 1_000_000, normalize: 'auto' },
        withInputs: true,
      });
    const alone: ImageReading[] = [];
    for (const index of images.keys()) alone.push(...(await classifyAll([index])));
    const anImage = fc.nat({ max: images.length - 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anImage, { minLength: 1, maxLength: 40 }), { maxLength: 6 }),
        async (orders) => {
          const answers = await Promise.all(orders.map(classifyAll));
          answers.forEach((results, request) => {
            expect(results).toHaveLength(orders[request]?.length ?? 0);
            results.forEach(({ reading, input }, i) => {
              const expected = alone[orders[request]?.[i] ?? -1];
              expect(input).toEqual(expected?.input);
              expect(input?.width).toBe(28);
              expect(reading.class).toBe(expected?.reading.class);
              expect(reading.digit).toBe(expected?.reading.digit);
              expect(reading.probability).toBeCloseTo(expected?.reading.probability ?? NaN, 5);
            });
          });
        },
      ),
      { numRuns: 20 },
    );
    await finder.close();
    await classifier.close();
  });
});
