/** The entry of a training thread: runs commands one by one and answers each. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../errors.js';
import { startLocalWorker, type WorkerAnswer, type WorkerCommand, type WorkerSettings } from './workers.js';

const port = parentPort;
if (!port) throw new Error('worker-thread.js is started by the trainer, as a worker thread.');

function answerWhenDone(work: Promise<unknown>): void {
  const answer = (message: WorkerAnswer): void => port?.postMessage(message);
  work.then(
    () => answer({ ok: true }),
    (thrown: unknown) => answer({ ok: false, message: messageOf(thrown) }),
  );
}

const settings: WorkerSettings = workerData;
const started = startLocalWorker(settings);
answerWhenDone(started);
let last: Promise<unknown> = started;
port.on('message', (command: WorkerCommand) => {
  last = last.then(async () => (await started).run(command));
  answerWhenDone(last);
});
