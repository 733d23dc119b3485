import cluster from 'node:cluster';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OPEN_ACCESS } from '../../../src/server/security/access.js';
import { WorkerPool } from '../../../src/server/processes/worker-pool.js';
import { startWorker } from '../../../src/server/processes/worker-process.js';
import { TEST_LIMITS } from '../../helpers/programs/test-app.js';
import { writeTinyModel } from '../../helpers/models/tiny-model.js';

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
    await expect(pool.start([startWorker()])).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('could not be started'),
    });
  });

  it('says how a process ended that was gone before it was told anything', async () => {
    cluster.setupPrimary({ exec: '/no/such/program.js', cwd: process.cwd() });
    const started = startWorker();
    await started.ended;
    const pool = new WorkerPool(SETTINGS, pino({ level: 'silent' }));
    await expect(pool.start([started])).rejects.toMatchObject({
      code: 'internal',
      message: 'A worker ended before it was ready (exit code 1).',
    });
  });

  describe('on a port that another program took before the workers came', () => {
    let folder: string;
    let settings: ConstructorParameters<typeof WorkerPool>[0];
    let other: Server;
    let pool: WorkerPool | undefined;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'inkdigit-pool-'));
      other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      settings = { ...SETTINGS, modelPath: writeTinyModel(folder), port, hangTimeoutMs: 60_000 };
    });
    afterEach(() => pool?.kill());
    afterAll(() => {
      other.close();
      rmSync(folder, { recursive: true });
    });

    /** A pool whose workers run the program that was built. */
    function poolOf(deps: ConstructorParameters<typeof WorkerPool>[2]): WorkerPool {
      pool = new WorkerPool(settings, pino({ level: 'silent' }), deps);
      const exec = fileURLToPath(new URL('../../../dist/server/worker.js', import.meta.url));
      cluster.setupPrimary({ exec, cwd: process.cwd() });
      return pool;
    }

    it('says who uses it', async () => {
      const where = `127.0.0.1:${settings.port}`;
      await expect(poolOf({}).start([startWorker()])).rejects.toMatchObject({
        code: 'invalid_option',
        message: `Cannot listen on ${where}: another program uses that port. Choose another with --port, or 0 for any.`,
      });
    });

    it('goes on with another, where the system had chosen it', async () => {
      const spare = createServer().listen(0, '127.0.0.1');
      await once(spare, 'listening');
      const { port } = spare.address() as AddressInfo;
      spare.close();
      await once(spare, 'close');
      const offered = [settings.port, port];
      const otherPorts = async () => ({ port: offered.shift() ?? NaN });
      expect(await poolOf({ otherPorts }).start([startWorker()])).toMatchObject({ port });
      expect(offered).toEqual([]);
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    });
  });
});
