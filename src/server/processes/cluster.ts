import { listenForShutdown } from '../../shutdown-signals.js';
import type { TlsFiles, TlsSecrets } from '../security/tls-files.js';
import { wantsTraces } from '../tracing/tracing.js';
import { claimAddress, findGrpcPort } from './listen-address.js';
import type { ServiceSettings } from './process-messages.js';
import type { RunningService } from './supervision.js';
import { startWorkers } from './worker-process.js';

/**
 * Runs the service in this process and its workers until SIGTERM or SIGINT; a second signal ends it at once.
 * @returns whether every open request was answered before the end.
 * @throws InkdigitError when it cannot start.
 */
export async function runCluster(
  settings: ServiceSettings,
  onReady: (service: RunningService) => void,
): Promise<boolean> {
  const { tlsFiles } = settings;
  const tls = tlsFiles && (await readTls(tlsFiles));
  const stop = listenForShutdown();
  // Node.js reads these certificates as each process starts, which takes longer than all else that it does then. A
  // worker has no use for them where it neither sends traces nor completes a chain of certificates.
  if (!tls && !wantsTraces(process.env)) delete process.env['NODE_EXTRA_CA_CERTS'];
  const address = await claimAddress(settings);
  const ports = { port: address.port, grpcPort: await findGrpcPort(settings) };
  // While this process loads what watches over them, they load what answers: that takes longest of the start.
  const workers = startWorkers(settings.workers);
  try {
    const { supervise } = await import('./supervision.js');
    return await supervise({ settings, address, ports, tls, workers, stop }, onReady);
  } catch (error) {
    for (const { worker } of workers) worker.process.kill('SIGKILL');
    throw error;
  }
}

/** Loaded only where it is used. */
async function readTls(files: TlsFiles): Promise<TlsSecrets> {
  const { readTlsSecrets } = await import('../security/tls-files.js');
  return readTlsSecrets(files);
}
