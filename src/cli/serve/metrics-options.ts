import type { Command } from 'commander';
import { InkdigitError } from '../../errors.js';
import type { MetricsSettings } from '../../server/processes/process-messages.js';
import { option, wholeNumber } from '../options/declare-option.js';

/** Whether the service counts, and where it says so. */
export interface MetricsOptions {
  readonly metricsPort?: number;
  readonly metricsHost?: string;
  readonly metricsOnMainPort?: boolean;
}

/** Declares those options. */
export function addMetricsOptions(command: Command): Command {
  return command
    .addOption(
      option('--metrics-port <number>', 'TCP port to answer GET /metrics on, 0 for any that is free', {
        parse: wholeNumber(0, 65_535),
      }),
    )
    .addOption(option('--metrics-host <address>', 'address of that port; without it that of --host'))
    .addOption(option('--metrics-on-main-port', 'answers GET /metrics on the main port too, under its keys'));
}

/**
 * What they come to; nothing is counted where that is undefined.
 * @throws InkdigitError `invalid_option` for a host without a port
 */
export function metricsSettingsOf(
  options: MetricsOptions & { readonly host: string },
): MetricsSettings | undefined {
  const { metricsPort: port, metricsHost, metricsOnMainPort: isOnMainPort = false, host } = options;
  if (port === undefined && metricsHost !== undefined) {
    throw new InkdigitError(
      'invalid_option',
      `--metrics-host ${metricsHost} is the address of a port; expected --metrics-port too.`,
    );
  }
  if (port === undefined && !isOnMainPort) return undefined;
  return { port, host: metricsHost ?? host, isOnMainPort };
}
