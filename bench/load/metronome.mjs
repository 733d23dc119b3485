// A thread that sends a message at even times. Timers of Node.js are a millisecond wide, which is longer than the
// service takes; waiting for a lock that is never opened is exact to a tenth of that.
import { parentPort, workerData } from 'node:worker_threads';

const { intervalMs, count } = workerData;
const lock = new Int32Array(new SharedArrayBuffer(4));
const startedMs = performance.now();
for (let beat = 0; beat < count; beat++) {
  const waitMs = startedMs + beat * intervalMs - performance.now();
  if (waitMs > 0) Atomics.wait(lock, 0, 0, waitMs);
  parentPort.postMessage(null);
}
