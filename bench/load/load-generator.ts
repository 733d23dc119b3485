import { forkTypeScript } from '../measuring/fork.js';
import { processorMicroseconds } from '../serving/processes.js';
import type { Load, Order, Outcome } from './generator.js';
import type { RequestBody, Target } from './requests.js';
import type { LoadResult } from './tally.js';

/** A process that makes requests when it is told to. */
export interface LoadGenerator {
  /** Hands over bodies, once; `run` names them. */
  keep(name: string, bodies: readonly RequestBody[]): Promise<void>;
  /** @throws Error when the load could not be made */
  run(name: string, target: Target, load: Load): Promise<LoadResult>;
  /** Processor time that it has used so far. */
  processorMicroseconds(): number;
  close(): Promise<void>;
}

export async function startLoadGenerator(): Promise<LoadGenerator> {
  const child = forkTypeScript<Order, Outcome>(new URL('generator.ts', import.meta.url));
  return {
    async keep(name, bodies) {
      await child.ask({ kind: 'keep', name, bodies });
    },
    async run(name, target, load) {
      const outcome = await child.ask({ kind: 'run', name, target, load });
      if (outcome.kind === 'result') return outcome.result;
      const reason = outcome.kind === 'failed' ? outcome.message : outcome.kind;
      throw new Error(`No load on 127.0.0.1:${target.port}${target.path}: ${reason}`);
    },
    processorMicroseconds: () => processorMicroseconds([child.pid]),
    close: () => child.close(),
  };
}
