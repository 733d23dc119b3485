import { Worker } from 'node:worker_threads';
import { InkdigitError } from '../errors.js';
import { StepWorker, type StepCommand, type StepWorkerSettings } from './step-worker.js';

/** A thread that takes part in a training, seen from the one that leads it. */
export interface WorkerHandle {
  /** Ends when the command was carried out. */
  run(command: StepCommand): Promise<void>;
  close(): Promise<void>;
}

export type StartWorker = (settings: StepWorkerSettings) => Promise<WorkerHandle>;

/** Works in the calling thread. */
export const startLocalWorker: StartWorker = (settings) => StepWorker.create(settings);

/** What a thread answers, to its start and to every command. */
export type WorkerAnswer = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Works in a thread of its own (`worker-thread.ts`). */
export const startThreadWorker: StartWorker = async (settings) => {
  const worker = new Worker(new URL('./worker-thread.js', import.meta.url), { workerData: settings });
  let waiting: { resolve: () => void; reject: (error: Error) => void } | undefined;
  let failure: InkdigitError | undefined;
  const fail = (message: string, cause?: unknown): void => {
    failure ??= new InkdigitError('training_failed', `A training thread stopped: ${message}`, { cause });
    waiting?.reject(failure);
    waiting = undefined;
  };
  worker.on('message', (answer: WorkerAnswer) => {
    if (!answer.ok) return fail(answer.message);
    waiting?.resolve();
    waiting = undefined;
  });
  worker.on('error', (error: Error) => fail(error.message, error));
  worker.on('exit', (code) => fail(`it exited with code ${code}`));

  const answered = (): Promise<void> =>
    new Promise((resolve, reject) => {
      if (failure) reject(failure);
      else waiting = { resolve, reject };
    });
  await answered().catch(async (thrown: unknown) => {
    await worker.terminate();
    throw thrown;
  });
  return {
    run(command) {
      const answer = answered();
      worker.postMessage(command);
      return answer;
    },
    async close() {
      await worker.terminate();
    },
  };
};
