import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { InkdigitError } from '../../errors.js';
import { DEFAULT_DRAIN_MS } from '../../server/limits.js';
import type { EdgeSettings } from '../../server/processes/process-messages.js';
import { parseRateLimits, showRateLimits, type RateLimit } from '../../server/rates/rate-limit.js';
import { trustFunction, type TrustedProxies } from '../../server/security/client-address.js';
import { tlsCertOption, unixSocketOption } from '../options/address-options.js';
import { inFilesAs, option, wholeNumber } from '../options/declare-option.js';

/** How the service meets what is around it: sockets, TLS, proxies, supervisors. */
export interface EdgeOptions {
  readonly drainMs: number;
  readonly unixSocket?: string;
  readonly unixSocketMode: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly trustProxy?: TrustedProxies;
  readonly rateLimit?: readonly RateLimit[];
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
        show: (mode) => mode.toString(8),
        parse: parseMode,
      }),
    )
    .addOption(tlsCertOption())
    .addOption(option('--tls-key <file>', 'private key of that certificate, PEM without a passphrase'))
    .addOption(
      option(
        '--trust-proxy <proxies>',
        'proxies whose X-Forwarded-For says where a request comes from, for logs and limits: how many of them, or ' +
          'their addresses and networks with commas between them, as 10.0.0.0/8',
        { show: showProxies, parse: inFilesAs(['number', 'list', 'text'], parseProxies) },
      ),
    )
    .addOption(
      option(
        '--rate-limit <limits>',
        'images that each key, or each address where there are no keys, may send in a window that begins with the ' +
          'first of them; s, min, h or day, several with commas between them, as 100/s,100000/day; beyond it 429',
        { show: showRateLimits, parse: inFilesAs(['list', 'text'], parseLimits) },
      ),
    );
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
    trustedProxies: options.trustProxy,
    rateLimits: options.rateLimit ?? [],
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

/** @throws InvalidArgumentError */
function parseProxies(text: string): TrustedProxies {
  if (/^[1-9]\d?$/.test(text)) return { hops: Number(text) };
  const networks = text.split(',').map((network) => network.trim());
  try {
    trustFunction({ networks });
    return { networks };
  } catch {
    throw new InvalidArgumentError(
      'Expected a number of proxies from 1 to 99, or addresses and networks as 10.0.0.0/8 with commas between them, ' +
        `got ${JSON.stringify(text)}.`,
    );
  }
}

function showProxies(proxies: TrustedProxies): number | string {
  return 'hops' in proxies ? proxies.hops : proxies.networks.join(',');
}

/** @throws InvalidArgumentError */
function parseLimits(text: string): readonly RateLimit[] {
  const limits = parseRateLimits(text);
  if (limits) return limits;
  throw new InvalidArgumentError(
    'Expected numbers of images with /s, /min, /h or /day, each window once, with commas between them, as ' +
      `100/s,100000/day; got ${JSON.stringify(text)}.`,
  );
}
