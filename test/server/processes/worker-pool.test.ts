import cluster from 'node:cluster';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { OPEN_ACCESS } from '../../../src/server/security/access.js';
import { WorkerPool } from '../../../src/server/processes/worker-pool.js';
import { TEST_LIMITS } from '../../helpers/programs/test-app.js';

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
  drainMs: 0,
  socket: undefined,
  tlsFiles: undefined,
  tls: undefined,
  isTraced: false,
  logStyle: { isPretty: false, isColored: false },
  logSample: 1,
  trustedProxies: undefined,
  rateLimits: [],
} as const;

describe('WorkerPool', () => {
  it('says so when a process cannot even be started, which then has no exit', async () => {
    const pool = new WorkerPool(SETTINGS, pino({ level: 'silent' }));
    cluster.setupPrimary({ cwd: '/no/such/folder' });
    await expect(pool.start()).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('could not be started'),
    });
  });
});
