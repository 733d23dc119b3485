import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const DIST = new URL('../../../dist/', import.meta.url).href;

/**
 * Answers 4,000 requests one after the other, each with 8 kB of its own, and lets V8 collect what is young; tells how
 * many megabytes more are in use then.
 */
const PROGRAM = `
  const { ClassifyQueue } = await import(${JSON.stringify(`${DIST}server/classify/classify-queue.js`)});
  const { contentOf } = await import(${JSON.stringify(`${DIST}image/picture.js`)});
  const content = contentOf(new Uint8Array(784));
  const classifier = {
    outputs: 10,
    digitThreshold: 0,
    probabilities: async ({ count }) => new Float32Array(10 * count).fill(0.1),
  };
  const readImage = () => content;
  const queue = new ClassifyQueue({ classifier, readImage, limits: { maxQueue: 100, timeoutMs: 60_000 } });
  const answer = async (requests) => {
    for (let i = 0; i < requests; i++) {
      const body = Array.from({ length: 1000 }, (_, at) => at);
      const options = { maxPixels: 1000, normalize: 'auto' };
      await queue.submit({ uploads: [() => Uint8Array.of(body.length)], options }).results;
    }
    gc({ type: 'minor' });
    gc({ type: 'minor' });
    return process.memoryUsage().heapUsed;
  };
  await answer(1000);
  gc();
  const before = await answer(100);
  console.log((await answer(4000) - before) / 1e6);
`;

describe('a request that is over', () => {
  it('leaves nothing behind that only a collection of everything frees', () => {
    const args = ['--expose-gc', '--input-type=module', '-e', PROGRAM];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(Number(stdout)).toBeLessThan(4);
  });
});
