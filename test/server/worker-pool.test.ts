import { execFileSync } from 'node:child_process';
import cluster from 'node:cluster';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { OPEN_ACCESS } from '../../src/server/access.js';
import { WorkerPool } from '../../src/server/worker-pool.js';
import { TEST_LIMITS } from '../helpers/test-app.js';

const SETTINGS = {
  host: '127.0.0.1',
  port: 0,
  workers: 1,
  modelPath: 'none.onnx',
  version: '0',
  limits: TEST_LIMITS,
  access: OPEN_ACCESS,
  shutdownTimeoutMs: 100,
  hangTimeoutMs: 1000,
  logLevel: 'silent',
} as const;

/**
 * Keeps some 18 MB, and replaces 80,000 small things in turn, which live long enough to get old; tells how many times what was
 * in use at first came to be in use.
 */
const AGEING = `
  const kept = Array.from({ length: 150_000 }, (_, i) => ({ i, list: [i] }));
  const used = () => process.memoryUsage().heapUsed;
  gc();
  const atFirst = used();
  const ring = [];
  let most = 0;
  let turn = 0;
  const work = () => {
    for (let i = 0; i < 10_000; i++) ring[(turn % 8) * 10_000 + i] = { i, list: [i] };
    most = Math.max(most, used());
    if (++turn < 400) setImmediate(work);
    else console.log(kept.length && most / atFirst);
  };
  work();
`;

describe('WorkerPool', () => {
  it('has workers collect what got old long before V8 would by itself, at more than six times', () => {
    void new WorkerPool(SETTINGS, pino({ level: 'silent' }));
    const args = [...(cluster.settings.execArgv ?? []), '--expose-gc', '-e', AGEING];
    const growth = Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    expect(growth).toBeLessThan(5);
  });

  it('says so when a process cannot even be started, which then has no exit', async () => {
    const pool = new WorkerPool(SETTINGS, pino({ level: 'silent' }));
    cluster.setupPrimary({ cwd: '/no/such/folder' });
    await expect(pool.start()).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('could not be started'),
    });
  });
});
