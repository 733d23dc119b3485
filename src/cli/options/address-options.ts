import { InvalidArgumentError, type Command } from 'commander';
import { InkdigitError } from '../../errors.js';
import { option, wholeNumber, type DeclaredOption } from './declare-option.js';

// Where a service listens: for the command that serves, and for the one that asks whether it does.

/** `--port` */
export function portOption(): DeclaredOption {
  return option('--port <number>', 'TCP port to listen on, 0 for any that is free; also read from PORT', {
    default: 8000,
    fallbackEnv: 'PORT',
    parse: wholeNumber(0, 65_535),
  });
}

/** `--host` */
export function hostOption(): DeclaredOption {
  return option('--host <address>', 'address to listen on, 0.0.0.0 for every network', {
    default: '127.0.0.1',
  });
}

/** The system keeps the path of a socket in 108 bytes, of which one ends it; macOS has four less. */
const MAX_SOCKET_PATH_BYTES = 103;

/** `--unix-socket` */
export function unixSocketOption(): DeclaredOption {
  return option('--unix-socket <path>', 'listen on a Unix domain socket, and on no TCP port', {
    parse: (path) => {
      if (path.trim() !== '' && Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return path;
      throw new InvalidArgumentError(
        `Expected the path of a socket, of at most ${MAX_SOCKET_PATH_BYTES} bytes, got ${JSON.stringify(path)}.`,
      );
    },
  });
}

/**
 * Refuses a TCP address on the command line that would be passed over. One of the environment or of a file is passed
 * over: platforms set `PORT` for all.
 * @throws InkdigitError `invalid_option`
 */
export function requireOneAddress(command: Command): void {
  if (command.getOptionValue('unixSocket') === undefined) return;
  const given = ['port', 'host'].find((key) => command.getOptionValueSource(key) === 'cli');
  if (given === undefined) return;
  throw new InkdigitError(
    'invalid_option',
    `A Unix domain socket (--unix-socket, INKDIGIT_UNIX_SOCKET or unix-socket) is instead of a TCP port, and ` +
      `--${given} was given as well: leave one of them out.`,
  );
}

/** `--tls-cert` */
export function tlsCertOption(): DeclaredOption {
  return option(
    '--tls-cert <file>',
    'serve HTTPS: certificate with its chain, PEM; read again when it changes',
  );
}

/** An address that answers for "every address" is not one to connect to. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
