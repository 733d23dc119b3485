import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/server/rates/image-counter.js';
import { RemoteCounter, type CountRequest } from '../../../src/server/rates/remote-counter.js';

const verdict = (images: number): Verdict => ({ isAllowed: true, left: [{ images, ms: 1 }] });

describe('RemoteCounter', () => {
  it('asks in one message for what comes in one turn, and gives the answers in order', async () => {
    const sent: (readonly CountRequest[])[] = [];
    const counter = new RemoteCounter((requests) => sent.push(requests));
    const first = [counter.take('a', 1), counter.take('b', 2)];
    await nextTurn();
    const second = counter.take('c', 3);
    await nextTurn();
    expect(sent).toEqual([
      [
        ['a', 1],
        ['b', 2],
      ],
      [['c', 3]],
    ]);
    counter.receive([verdict(10), verdict(20)]);
    counter.receive([verdict(30)]);
    expect(await Promise.all([...first, second])).toEqual([verdict(10), verdict(20), verdict(30)]);
  });
});
