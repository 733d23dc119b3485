import { Worker } from 'node:worker_threads';
import { InkdigitError } from '../../errors.js';
import { createScenePainter, type ScenePainter } from '../../scenes/painter.js';
import type { SceneGlyphs } from '../../scenes/types.js';
import { ImageLoader, type LoadCommand, type LoaderSettings } from './image-loader.js';
import { SceneLoader, type SceneLoaderSettings } from './scene-loader.js';
import { StepWorker, type StepCommand, type StepWorkerSettings } from './step-worker.js';

/** The settings of a thread: it works on steps, or makes the images for them. */
export type WorkerSettings = StepWorkerSettings | LoaderSettings | SceneLoaderSettings;
export type WorkerCommand = StepCommand | LoadCommand;

/** A thread of a training, seen from the main thread. */
export interface WorkerHandle {
  /** Resolves when the command was run; commands run in their order. */
  run(command: WorkerCommand): Promise<void>;
  close(): Promise<void>;
}

export type StartWorker = (settings: WorkerSettings) => Promise<WorkerHandle>;

/** Works in the calling thread. */
export const startLocalWorker: StartWorker = localWorkers(createScenePainter);

/** The same, with scenes from another painter. */
export function localWorkers(createPainter: (glyphs: SceneGlyphs) => ScenePainter): StartWorker {
  return async (settings) => {
    if (settings.role !== 'steps') {
      const loader =
        settings.role === 'images'
          ? new ImageLoader(settings)
          : new SceneLoader(settings, createPainter(settings.glyphs));
      return {
        run: async (command) => {
          if (command.kind !== 'images') throw foreignCommand(settings, command);
          loader.load(command.step);
        },
        close: async () => {},
      };
    }
    const worker = await StepWorker.create(settings);
    return {
      run: async (command) => {
        if (command.kind === 'images') throw foreignCommand(settings, command);
        await worker.run(command);
      },
      close: () => worker.close(),
    };
  };
}

function foreignCommand({ role }: WorkerSettings, { kind }: WorkerCommand): Error {
  return new Error(`unreachable: a worker for ${role} was told to do ${kind}`);
}

/** A thread's answer to its start and to every command. */
export type WorkerAnswer = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Works in its own thread (`worker-thread.ts`). */
export const startThreadWorker: StartWorker = async (settings) => {
  const worker = new Worker(new URL('./worker-thread.js', import.meta.url), { workerData: settings });
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let failure: InkdigitError | undefined;
  const fail = (message: string, cause?: unknown): void => {
    failure ??= new InkdigitError('training_failed', `A training thread stopped: ${message}`, { cause });
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  worker.on('message', (answer: WorkerAnswer) => {
    if (answer.ok) waiting.shift()?.resolve();
    else fail(answer.message);
  });
  worker.on('error', (error: Error) => fail(error.message, error));
  worker.on('exit', (code) => fail(`it exited with code ${code}`));

  const answered = (): Promise<void> =>
    new Promise((resolve, reject) => {
      if (failure) reject(failure);
      else waiting.push({ resolve, reject });
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
