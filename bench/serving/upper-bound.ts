import { forkTypeScript } from '../measuring/fork.js';
import type { LoopOrder, LoopResult } from './bare-loop.js';

/** One process per core that reads files and does nothing else. */
export interface UpperBound {
  keep(name: string, files: readonly Uint8Array[]): Promise<void>;
  run(name: string, ms: number): Promise<{ imagesPerSecond: number; microsecondsAnImage: number }>;
  close(): Promise<void>;
}

export function startUpperBound(processes: number, model: string): UpperBound {
  const loops = Array.from({ length: processes }, () =>
    forkTypeScript<LoopOrder, LoopResult>(new URL('bare-loop.ts', import.meta.url), [model]),
  );
  const askAll = (order: LoopOrder): Promise<LoopResult[]> =>
    Promise.all(loops.map((loop) => loop.ask(order)));
  return {
    async keep(name, files) {
      await askAll({ kind: 'keep', name, files });
    },
    async run(name, ms) {
      const results = await askAll({ kind: 'run', name, ms });
      const sum = (value: (result: LoopResult) => number): number =>
        results.reduce((total, result) => total + value(result), 0);
      return {
        imagesPerSecond: sum(({ images, ms: its }) => (images * 1000) / its),
        microsecondsAnImage: sum(({ microseconds }) => microseconds) / sum(({ images }) => images),
      };
    },
    async close() {
      await Promise.all(loops.map((loop) => loop.close()));
    },
  };
}
