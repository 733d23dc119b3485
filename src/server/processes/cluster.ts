import { createServer } from 'node:net';
import { once } from 'node:events';
import { codeOf, InkdigitError, messageOf } from '../../errors.js';
import { listenForShutdown } from '../../shutdown-signals.js';
import { createLogger } from '../log/logger.js';
import { ModelService } from '../models/model-service.js';
import type { ServiceSettings } from './process-messages.js';
import { WorkerPool } from './worker-pool.js';

/** A service that has begun to answer. */
export interface RunningService {
  readonly host: string;
  readonly port: number;
  readonly workers: number;
  readonly modelName: string;
}

/**
 * Runs the service in this process and its workers until SIGTERM or SIGINT; a second signal ends it at once.
 * @returns whether every open request was answered before the end.
 * @throws InkdigitError when it cannot start.
 */
export async function runCluster(
  settings: ServiceSettings,
  onReady: (service: RunningService) => void,
): Promise<boolean> {
  const { host, workers, shutdownTimeoutMs } = settings;
  const stop = listenForShutdown();
  const port = await findPort(settings.host, settings.port);
  const log = createLogger(settings.logLevel);
  const models = settings.store && (await ModelService.open(settings.store, log));
  const pool = new WorkerPool({ ...settings, port }, log, models);

  const start = async (): Promise<void> => {
    const modelName = await pool.start();
    models?.begin(port);
    log.info({ host, port, workers, modelName }, 'ready');
    onReady({ host, port, workers, modelName });
  };
  await Promise.race([start(), stop.requested]);

  const signal = await stop.requested;
  void stop.forced.then(() => {
    pool.kill();
    process.exit(1);
  });
  log.info({ signal }, 'shutting down');
  await models?.end();
  const isClean = await pool.drain(shutdownTimeoutMs);
  if (isClean) log.info('shut down');
  else log.error({ shutdownTimeoutMs }, 'shut down; requests that took too long were cut off');
  return isClean;
}

/**
 * Makes sure that the port can be had before any worker starts, and settles which one port 0 means: workers
 * that come later must find the same.
 */
async function findPort(host: string, port: number): Promise<number> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw new InkdigitError('invalid_option', describeListenFault(host, port, cause), { cause });
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : port;
}

function describeListenFault(host: string, port: number, cause: unknown): string {
  const code = codeOf(cause);
  const where = `Cannot listen on ${host}:${port}`;
  if (code === 'EADDRINUSE')
    return `${where}: another program uses that port. Choose another with --port, or 0 for any.`;
  if (code === 'EACCES') return `${where}: ports below 1024 need special rights. Choose another with --port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${where}: this machine has no such address. Choose another with --host.`;
  }
  return `${where}: ${messageOf(cause)}`;
}
