import { MetricsServer } from '../metrics/metrics-server.js';
import { PROCESS_USE } from '../metrics/process-use.js';
import { ServiceMetrics } from '../metrics/service-metrics.js';
import { cannotListenOn } from './listen-address.js';
import type { ServiceSettings } from './process-messages.js';

/** The metrics of a running service. */
export interface ServingMetrics {
  /** Where what workers report is added up. */
  readonly counts: ServiceMetrics;
  /** Where they are answered, where they have a port of their own. */
  readonly address: { readonly host: string; readonly port: number } | undefined;
  close(): void;
}

/**
 * Makes the metrics of a service, and answers them on their port if they have one.
 * @throws InkdigitError `invalid_option` where the port cannot be had
 */
export async function startMetrics(settings: ServiceSettings): Promise<ServingMetrics> {
  const { version, workers, limits, metrics } = settings;
  const counts = new ServiceMetrics({
    version,
    workers,
    maxQueue: limits.maxQueue,
    startSeconds: Date.now() / 1000,
    use: PROCESS_USE,
  });
  if (metrics?.port === undefined) return { counts, address: undefined, close() {} };
  const server = new MetricsServer((format) => counts.render(format));
  const { host } = metrics;
  const port = await server.listen(host, metrics.port).catch(cannotListenOn(host, metrics.port, 'metrics-'));
  return { counts, address: { host, port }, close: () => server.close() };
}
