import type { Logger } from 'pino';
import { listenForShutdown } from '../../shutdown-signals.js';
import { createLogger } from '../log/logger.js';
import { ModelService } from '../models/model-service.js';
import { readTlsSecrets } from '../security/tls-files.js';
import { TlsWatch } from '../security/tls-watch.js';
import { INSTALL_TRACING, missingTracingPackages } from '../tracing/tracing-packages.js';
import { wantsTraces } from '../tracing/tracing.js';
import { claimAddress, findPort } from './listen-address.js';
import type { ServiceSettings, SettledPorts } from './process-messages.js';
import type { ServingMetrics } from './serving-metrics.js';
import { WorkerPool } from './worker-pool.js';

/** A service that has begun to answer. */
export interface RunningService {
  readonly host: string;
  readonly port: number;
  /** The Unix domain socket on which it listens instead. */
  readonly socketPath: string | undefined;
  readonly isTls: boolean;
  /** Left out where gRPC is not served. */
  readonly grpcPort: number | undefined;
  readonly workers: number;
  readonly modelName: string;
  /** Where metrics are answered, where they have a port. */
  readonly metrics?: { readonly host: string; readonly port: number } | undefined;
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
  const { host, workers, shutdownTimeoutMs, tlsFiles } = settings;
  const tls = tlsFiles && readTlsSecrets(tlsFiles);
  const stop = listenForShutdown();
  const address = await claimAddress(settings);
  const { socketPath } = address;
  const ports = { port: address.port, grpcPort: await findGrpcPort(settings) };
  const log = createLogger(settings.logLevel, settings.logStyle);
  const metrics = settings.metrics && (await serveMetrics(settings));
  const models =
    settings.store &&
    (await ModelService.open(settings.store, {
      log,
      onChange: (result) => metrics?.counts.modelChanged(result),
    }));
  const started = { ...settings, ...ports, tls, isTraced: canTrace(log) };
  const pool = new WorkerPool(started, log, {
    metrics: metrics?.counts,
    models,
    otherPorts: hasFreePorts(settings) ? () => settlePorts(settings) : undefined,
  });
  const tlsWatch =
    tlsFiles && tls && new TlsWatch(tlsFiles, tls, { log, onChange: (next) => pool.useTls(next) });

  const start = async (): Promise<void> => {
    const { modelName, port, grpcPort } = await pool.start();
    models?.begin(port);
    const where = {
      ...(socketPath === undefined ? { host, port } : { socket: socketPath }),
      ...(grpcPort !== undefined && { grpcPort }),
    };
    const watched = metrics?.address;
    log.info({ ...where, workers, modelName, ...(watched && { metricsPort: watched.port }) }, 'ready');
    onReady({
      host,
      port,
      grpcPort,
      socketPath,
      isTls: tls !== undefined,
      workers,
      modelName,
      metrics: watched,
    });
  };
  try {
    await Promise.race([start(), stop.requested]);
  } catch (error) {
    // Whatever still listens or watches would keep this process.
    tlsWatch?.stop();
    pool.kill();
    metrics?.close();
    await models?.end();
    throw error;
  }

  const signal = await stop.requested;
  tlsWatch?.stop();
  void stop.forced.then(() => {
    pool.kill();
    address.release();
    process.exit(1);
  });
  log.info({ signal }, 'shutting down');
  await models?.end();
  const isClean = await pool.drain(shutdownTimeoutMs);
  metrics?.close();
  if (isClean) log.info('shut down');
  else log.error({ shutdownTimeoutMs }, 'shut down; requests that took too long were cut off');
  return isClean;
}

/** Whether the system chooses one, which another program may then take before the workers listen. */
function hasFreePorts({ port, socket, grpcPort }: ServiceSettings): boolean {
  return (port === 0 && !socket) || grpcPort === 0;
}

async function settlePorts(settings: ServiceSettings): Promise<SettledPorts> {
  const { host, port, socket } = settings;
  return { port: socket ? port : await findPort(host, port), grpcPort: await findGrpcPort(settings) };
}

async function findGrpcPort({ host, grpcPort }: ServiceSettings): Promise<number | undefined> {
  return grpcPort === undefined ? undefined : findPort(host, grpcPort, 'grpc-');
}

/** Loaded only where it is used. */
async function serveMetrics(settings: ServiceSettings): Promise<ServingMetrics> {
  const { startMetrics } = await import('./serving-metrics.js');
  return startMetrics(settings);
}

/** Whether traces are asked for, and can be sent: the variables that ask may be set for all services of a machine. */
function canTrace(log: Logger): boolean {
  if (!wantsTraces(process.env)) return false;
  const missing = missingTracingPackages();
  if (missing.length === 0) return true;
  log.warn({ missing, install: INSTALL_TRACING }, 'no traces: packages are missing');
  return false;
}
