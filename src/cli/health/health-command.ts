import { Command } from 'commander';
import { parseServer } from '../../client/server-address.js';
import { MnistClientError } from '../../client/exports.js';
import { InkdigitError } from '../../errors.js';
import {
  hostOption,
  portOption,
  reachableHost,
  requireOneAddress,
  tlsCertOption,
  unixSocketOption,
} from '../options/address-options.js';
import { takeConfigFile } from '../options/config-file.js';
import { milliseconds, option } from '../options/declare-option.js';
import { processIo, type CommandIo } from '../terminal/command-io.js';
import { visibleLine } from '../../visible-text.js';
import { askHealth, type HealthTarget } from './ask-health.js';

interface HealthOptions {
  readonly server?: string;
  readonly live?: boolean;
  readonly healthTimeoutMs: number;
  readonly port: number;
  readonly host: string;
  readonly unixSocket?: string;
  readonly tlsCert?: string;
}

const UNIX = 'unix:';

/**
 * `inkdigit health`: exit code 0 where a service is ready, 1 where it is not.
 * @param serveCommand declares the options that a configuration file may have
 */
export function healthCommand(serveCommand: () => Command, io: CommandIo = processIo): Command {
  const command = new Command('health')
    .description('Asks a service whether it is ready: exit code 0 or 1, for the health checks of containers.')
    .addOption(
      option(
        '--server <url>',
        'the service to ask, as http://127.0.0.1:8000/ or unix:/run/inkdigit.sock ' +
          '(default: the one that the options, variables and the file of inkdigit serve describe)',
      ),
    )
    .addOption(
      option('--live', 'ask whether it works (/livez) instead of whether it takes requests (/readyz)'),
    )
    .addOption(
      option('--health-timeout-ms <ms>', 'longest wait for the answer', {
        default: 2000,
        parse: milliseconds,
      }),
    )
    .addOption(portOption())
    .addOption(hostOption())
    .addOption(unixSocketOption())
    .addOption(tlsCertOption())
    .action((options: HealthOptions, self: Command) => checkHealth(options, self, io));
  return takeConfigFile(command, serveCommand);
}

async function checkHealth(options: HealthOptions, command: Command, io: CommandIo): Promise<void> {
  requireOneAddress(command);
  const health = await askHealth(targetOf(options), options.healthTimeoutMs);
  const line = `inkdigit: ${visibleLine(health.text)}\n`;
  if (health.isGood) io.stdout.write(line);
  else {
    io.stderr.write(line);
    io.exitCode = 1;
  }
}

/** @throws InkdigitError `invalid_option` for a server that is no address */
function targetOf(options: HealthOptions): HealthTarget {
  const { server, live = false, port, host, unixSocket, tlsCert } = options;
  const path = live ? 'livez' : 'readyz';
  if (server?.startsWith(UNIX)) {
    return { url: new URL(path, 'http://localhost/'), socketPath: server.slice(UNIX.length) };
  }
  if (server !== undefined) return { url: new URL(path, addressOf(server)), socketPath: undefined };
  const protocol = tlsCert === undefined ? 'http' : 'https';
  const authority = unixSocket === undefined ? `${reachableHost(host)}:${port}` : 'localhost';
  return { url: new URL(path, `${protocol}://${authority}/`), socketPath: unixSocket };
}

function addressOf(server: string): URL {
  try {
    return parseServer(server);
  } catch (cause) {
    if (!(cause instanceof MnistClientError)) throw cause;
    throw new InkdigitError('invalid_option', cause.message, { cause });
  }
}
