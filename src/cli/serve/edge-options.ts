import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { InkdigitError } from '../../errors.js';
import { DEFAULT_DRAIN_MS } from '../../server/limits.js';
import type { EdgeSettings } from '../../server/processes/process-messages.js';
import { tlsCertOption, unixSocketOption } from '../options/address-options.js';
import { option, wholeNumber } from '../options/declare-option.js';

/** How the service meets what is around it: sockets, TLS, proxies, supervisors. */
export interface EdgeOptions {
  readonly drainMs: number;
  readonly unixSocket?: string;
  readonly unixSocketMode: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

const DEFAULT_SOCKET_MODE = 0o660;

/** Declares those options. */
export function addEdgeOptions(command: Command): Command {
  return command
    .addOption(
      option(
        '--drain-ms <ms>',
        'time from the stop signal, when /readyz turns 503, until the port is closed',
        {
          default: DEFAULT_DRAIN_MS,
          parse: wholeNumber(0, 2 ** 31 - 1),
        },
      ),
    )
    .addOption(unixSocketOption())
    .addOption(
      option('--unix-socket-mode <octal>', 'who may connect to that socket, as for chmod', {
        default: DEFAULT_SOCKET_MODE,
        defaultText: '660, its user and group',
        parse: parseMode,
      }),
    )
    .addOption(tlsCertOption())
    .addOption(option('--tls-key <file>', 'private key of that certificate, PEM without a passphrase'));
}

/**
 * What they come to.
 * @param isGiven whether an option was given at all
 * @throws InkdigitError `invalid_option` where they exclude each other
 */
export function edgeSettingsOf(
  options: EdgeOptions & { readonly shutdownTimeoutMs: number },
  isGiven: (key: keyof EdgeOptions) => boolean,
): EdgeSettings {
  const { drainMs, unixSocket, unixSocketMode, shutdownTimeoutMs } = options;
  if (isGiven('drainMs') && drainMs > shutdownTimeoutMs / 2) {
    throw new InkdigitError(
      'invalid_option',
      `--drain-ms ${drainMs} leaves open requests too little of --shutdown-timeout-ms ${shutdownTimeoutMs}; ` +
        'expected at most half of it.',
    );
  }
  return {
    drainMs: isGiven('drainMs') ? drainMs : Math.min(drainMs, shutdownTimeoutMs / 4),
    socket: unixSocket === undefined ? undefined : { path: resolve(unixSocket), mode: unixSocketMode },
    tlsFiles: tlsFilesOf(options),
  };
}

function tlsFilesOf({ tlsCert, tlsKey }: EdgeOptions): EdgeSettings['tlsFiles'] {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    const [given, missing] = tlsKey === undefined ? ['cert', 'key'] : ['key', 'cert'];
    throw new InkdigitError('invalid_option', `--tls-${given} needs --tls-${missing} beside it.`);
  }
  return { certFile: resolve(tlsCert), keyFile: resolve(tlsKey) };
}

/** @throws InvalidArgumentError */
function parseMode(text: string): number {
  if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
  throw new InvalidArgumentError(`Expected three octal digits as 660, got ${JSON.stringify(text)}.`);
}
