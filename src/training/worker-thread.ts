/** The entry of a training thread: carries out commands one by one and answers each. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../errors.js';
import { StepWorker, type StepCommand, type StepWorkerSettings } from './step-worker.js';
import type { WorkerAnswer } from './workers.js';

const port = parentPort;
if (!port) throw new Error('worker-thread.js is started by the trainer, as a worker thread.');

function answerWhenDone(work: Promise<unknown>): void {
  const answer = (message: WorkerAnswer): void => port?.postMessage(message);
  work.then(
    () => answer({ ok: true }),
    (thrown: unknown) => answer({ ok: false, message: messageOf(thrown) }),
  );
}

const settings: StepWorkerSettings = workerData;
const started = StepWorker.create(settings);
answerWhenDone(started);
port.on('message', (command: StepCommand) => answerWhenDone(started.then((worker) => worker.run(command))));
