import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenForStop, type StopWish } from '../src/stop-signals.js';

let nowMs: number;
let wish: StopWish;
beforeEach(() => {
  nowMs = 0;
  wish = listenForStop(() => nowMs);
});
afterEach(() => wish.ignore());

function signalAt(ms: number, signal: NodeJS.Signals): void {
  nowMs = ms;
  process.emit(signal, signal);
}

describe('listenForStop', () => {
  it('takes a second signal at once for the same wish, and a later one for another', async () => {
    let isInsisted = false;
    void wish.insisted.then(() => (isInsisted = true));
    signalAt(1000, 'SIGTERM');
    signalAt(1499, 'SIGINT');
    expect(await wish.asked).toBe('SIGTERM');
    await setImmediate();
    expect(isInsisted).toBe(false);
    signalAt(1500, 'SIGTERM');
    await wish.insisted;
  });
});
