import type { Logger } from 'pino';
import type { ShutdownSignal } from '../../shutdown-signals.js';
import { createLogger } from '../log/logger.js';
import type { ModelService } from '../models/model-service.js';
import type { TlsSecrets } from '../security/tls-files.js';
import type { TlsWatch } from '../security/tls-watch.js';
import { INSTALL_TRACING, missingTracingPackages } from '../tracing/tracing-packages.js';
import { wantsTraces } from '../tracing/tracing.js';
import { settlePorts, type ClaimedAddress } from './listen-address.js';
import type { ServiceSettings, SettledPorts } from './process-messages.js';
import type { ServingMetrics } from './serving-metrics.js';
import { WorkerPool } from './worker-pool.js';
import type { WorkerProcess } from './worker-process.js';

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

/** What `runCluster` has begun. */
interface Started {
  /** As they were asked for: a port may be 0. */
  readonly settings: ServiceSettings;
  readonly address: ClaimedAddress;
  readonly ports: SettledPorts;
  readonly tls: TlsSecrets | undefined;
  readonly workers: readonly WorkerProcess[];
  readonly stop: ShutdownSignal;
}

/**
 * Has the workers answer, and watches over them until the service is told to stop.
 * @returns whether every open request was answered before the end.
 * @throws InkdigitError when it cannot start; then workers may be left.
 */
export async function supervise(
  { settings, address, ports, tls, workers, stop }: Started,
  onReady: (service: RunningService) => void,
): Promise<boolean> {
  const { host, shutdownTimeoutMs, tlsFiles } = settings;
  const { socketPath } = address;
  const log = createLogger(settings.logLevel, settings.logStyle);
  const metrics = settings.metrics && (await serveMetrics(settings));
  const models =
    settings.store &&
    (await openStore(settings.store, {
      log,
      onChange: (result) => metrics?.counts.modelChanged(result),
    }));
  const pool = new WorkerPool({ ...settings, ...ports, tls, isTraced: canTrace(log) }, log, {
    metrics: metrics?.counts,
    models,
    otherPorts: hasFreePorts(settings) ? () => settlePorts(settings) : undefined,
  });
  const tlsWatch =
    tlsFiles && tls && (await watchTls(tlsFiles, tls, { log, onChange: (next) => pool.useTls(next) }));

  const start = async (): Promise<void> => {
    const { modelName, port, grpcPort } = await pool.start(workers);
    models?.begin(port);
    const where = {
      ...(socketPath === undefined ? { host, port } : { socket: socketPath }),
      ...(grpcPort !== undefined && { grpcPort }),
    };
    const watched = metrics?.address;
    log.info(
      { ...where, workers: workers.length, modelName, ...(watched && { metricsPort: watched.port }) },
      'ready',
    );
    onReady({
      host,
      port,
      grpcPort,
      socketPath,
      isTls: tls !== undefined,
      workers: workers.length,
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

// Loaded only where they are used.

async function serveMetrics(settings: ServiceSettings): Promise<ServingMetrics> {
  const { startMetrics } = await import('./serving-metrics.js');
  return startMetrics(settings);
}

async function openStore(...args: Parameters<typeof ModelService.open>): Promise<ModelService> {
  const { ModelService } = await import('../models/model-service.js');
  return ModelService.open(...args);
}

async function watchTls(...args: ConstructorParameters<typeof TlsWatch>): Promise<TlsWatch> {
  const { TlsWatch } = await import('../security/tls-watch.js');
  return new TlsWatch(...args);
}

/** Whether traces are asked for, and can be sent: the variables that ask may be set for all services of a machine. */
function canTrace(log: Logger): boolean {
  if (!wantsTraces(process.env)) return false;
  const missing = missingTracingPackages();
  if (missing.length === 0) return true;
  log.warn({ missing, install: INSTALL_TRACING }, 'no traces: packages are missing');
  return false;
}
