import { describe, expect, it } from 'vitest';
import type { PageAnswer } from '../../../page/answers.js';
import { deviceReader, type OpenPort } from '../../../page/readers/device-reader.js';
import type { ReaderAnswer, ReaderQuestion } from '../../../page/readers/messages.js';
import type { PagePicture } from '../../../page/readers/page-reader.js';

const picture: PagePicture = {
  pixels: { width: 1, height: 1, data: Uint8ClampedArray.of(0, 0, 0, 255) },
  file: () => Promise.reject(new Error('a drawing has its pixels')),
};
const answer: PageAnswer = {
  class: 7,
  probability: 1,
  probabilities: [],
  digit: true,
  threshold: 0,
  frame: 'data:',
};

/** A worker that answers when it is told to. */
function fakeWorker() {
  const asked: ReaderQuestion[] = [];
  let opened = 0;
  let tell: (answer: ReaderAnswer) => void = () => {};
  let breakDown: (why: string) => void = () => {};
  const open: OpenPort = (onAnswer, onBroken) => {
    opened++;
    [tell, breakDown] = [onAnswer, onBroken];
    return { send: (question) => void asked.push(question) };
  };
  return {
    open,
    asked,
    opened: () => opened,
    tell: (one: ReaderAnswer) => tell(one),
    breakDown: (why: string) => breakDown(why),
  };
}

const patient = new AbortController().signal;
/** What was begun has been sent. */
const sent = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('deviceReader', () => {
  it('starts the worker with the first picture, and gives each answer to who asked', async () => {
    const worker = fakeWorker();
    const reader = deviceReader(worker.open);
    expect(worker.opened()).toBe(0);
    const first = reader.classify(picture, patient);
    const second = reader.readNumber(picture, { length: 4 }, patient);
    await sent();
    expect(worker.asked).toMatchObject([
      { kind: 'classify', id: 1 },
      { kind: 'readNumber', id: 2, known: { length: 4 } },
    ]);
    worker.tell({ kind: 'failed', id: 2, code: 'not_an_image', message: 'no image' });
    worker.tell({ kind: 'digit', id: 1, answer });
    expect(await first).toBe(answer);
    await expect(second).rejects.toMatchObject({ code: 'not_an_image', message: 'no image' });
    expect(worker.opened()).toBe(1);
  });

  it('tells the worker what is not needed any more', async () => {
    const worker = fakeWorker();
    const controller = new AbortController();
    const reading = deviceReader(worker.open).classify(picture, controller.signal);
    await sent();
    const reason = new Error('another drawing');
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect(worker.asked.at(-1)).toEqual({ kind: 'forget', id: 1 });
    worker.tell({ kind: 'digit', id: 1, answer });
  });

  it('fails what waits when the worker breaks down, and starts another one', async () => {
    const worker = fakeWorker();
    const reader = deviceReader(worker.open);
    const reading = reader.classify(picture, patient);
    await sent();
    worker.breakDown('out of memory');
    await expect(reading).rejects.toMatchObject({ code: 'reader_broken', message: 'out of memory' });
    const again = reader.classify(picture, patient);
    await sent();
    expect(worker.opened()).toBe(2);
    worker.tell({ kind: 'digit', id: 2, answer });
    expect(await again).toBe(answer);
  });
});
