import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenForShutdown, type ShutdownSignal } from '../src/shutdown-signals.js';

let nowMs: number;
let shutdown: ShutdownSignal;
beforeEach(() => {
  nowMs = 0;
  shutdown = listenForShutdown(() => nowMs);
});
afterEach(() => shutdown.ignore());

function signalAt(ms: number, signal: NodeJS.Signals): void {
  nowMs = ms;
  process.emit(signal, signal);
}

describe('listenForShutdown', () => {
  it('takes a second signal at once for the same request, and a later one for another', async () => {
    let isForced = false;
    void shutdown.forced.then(() => (isForced = true));
    signalAt(1000, 'SIGTERM');
    signalAt(1499, 'SIGINT');
    expect(await shutdown.requested).toBe('SIGTERM');
    await setImmediate();
    expect(isForced).toBe(false);
    signalAt(1500, 'SIGTERM');
    await shutdown.forced;
  });
});
