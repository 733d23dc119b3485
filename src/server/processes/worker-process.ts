import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import type { WorkerMessage } from './process-messages.js';
import { WORKER_ENVIRONMENT, WORKER_FLAGS } from './worker-memory.js';

/** A process that was started. It loads its program by itself, whether or not anybody listens to it yet. */
export interface WorkerProcess {
  readonly worker: Worker;
  /** Its program runs, and waits to be told what to do. */
  readonly loaded: Promise<void>;
  /** How it ended, or why it could not be started. */
  readonly ended: Promise<string>;
}

/** Starts as many processes as a pool is to have, and has those that it starts later be like them. */
export function startWorkers(count: number): WorkerProcess[] {
  cluster.setupPrimary({
    exec: fileURLToPath(new URL('../worker.js', import.meta.url)),
    // Unless told otherwise, those of this process.
    args: [],
    execArgv: [...process.execArgv, ...WORKER_FLAGS],
  });
  return Array.from({ length: count }, startWorker);
}

/** Starts one more. */
export function startWorker(): WorkerProcess {
  const worker = cluster.fork(WORKER_ENVIRONMENT);
  const loaded = new Promise<void>((resolve) => {
    worker.on('message', ({ kind }: WorkerMessage) => {
      if (kind === 'loaded') resolve();
    });
  });
  const ended = new Promise<string>((resolve) => {
    // A process that could not be started has no exit.
    worker.on('error', ({ message }) => {
      if (worker.process.pid === undefined) resolve(`it could not be started: ${message}`);
    });
    worker.once('exit', (exitCode, signal) => resolve(signal ? `signal ${signal}` : `exit code ${exitCode}`));
  });
  return { worker, loaded, ended };
}
