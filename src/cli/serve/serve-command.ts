import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { InkdigitError } from '../../errors.js';
import { shippedModelPath } from '../../model/model-paths.js';
import type { RunningService } from '../../server/processes/cluster.js';
import { DEFAULT_HANG_TIMEOUT_MS, DEFAULT_LIMITS, DEFAULT_SHUTDOWN_TIMEOUT_MS } from '../../server/limits.js';
import { LOG_LEVELS, type LogLevel } from '../../server/log/log-level.js';
import { acceptedKeysOption, corsOption } from '../options/access-options.js';
import { processIo } from '../terminal/command-io.js';
import { describeCores, findCores } from '../options/cores.js';
import { milliseconds, option, wholeNumber } from '../options/declare-option.js';
import { packageRoot } from '../package-paths.js';
import { storeOptions, storeSettingsOf, type StoreOptions } from './store-options.js';

interface ServeOptions extends StoreOptions {
  readonly port: number;
  readonly host: string;
  readonly workers: number;
  readonly model: string;
  readonly maxBatch: number;
  readonly maxPixels: number;
  readonly maxBodyBytes: number;
  readonly maxHeldBytes: number;
  readonly maxConnections: number;
  readonly maxQueue: number;
  readonly timeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
  readonly hangTimeoutMs: number;
  readonly logLevel: LogLevel;
  readonly apiKey?: readonly string[];
  readonly corsOrigin?: readonly string[];
}

/** `inkdigit serve` */
export function serveCommand(): Command {
  const cores = findCores();
  const command = new Command('serve')
    .description(
      'Serves the model over HTTP: POST images to /mnist/classify, get digits back; / is a page to draw on.',
    )
    .addOption(
      option('--port <number>', 'TCP port to listen on, 0 for any that is free; also read from PORT', {
        default: 8000,
        fallbackEnv: 'PORT',
        parse: wholeNumber(0, 65_535),
      }),
    )
    .addOption(
      option('--host <address>', 'address to listen on, 0.0.0.0 for every network', { default: '127.0.0.1' }),
    )
    .addOption(
      option('--workers <count>', 'processes that answer requests', {
        default: cores.usable,
        defaultText: `one per core, here ${describeCores(cores)}`,
        parse: wholeNumber(1, 1024),
      }),
    )
    .addOption(
      option('--model <file>', 'ONNX model, with its card (.json) beside it', {
        default: shippedModelPath(),
        defaultText: 'the one shipped',
      }),
    )
    .addOption(
      option('--max-batch <images>', 'images in one request', {
        default: DEFAULT_LIMITS.maxBatch,
        parse: wholeNumber(1),
      }),
    )
    .addOption(
      option('--max-pixels <pixels>', 'width x height of one picture', {
        default: DEFAULT_LIMITS.maxPixels,
        parse: wholeNumber(1),
      }),
    )
    .addOption(
      option('--max-body-bytes <bytes>', 'size of one request', {
        default: DEFAULT_LIMITS.maxBodyBytes,
        parse: wholeNumber(1),
      }),
    )
    .addOption(
      option('--max-held-bytes <bytes>', 'large request bodies that each process holds at once', {
        default: DEFAULT_LIMITS.maxHeldBytes,
        parse: wholeNumber(1),
      }),
    )
    .addOption(
      option(
        '--max-connections <count>',
        'connections of each process; beyond it new ones get 503 and are closed',
        {
          default: DEFAULT_LIMITS.maxConnections,
          parse: wholeNumber(1),
        },
      ),
    )
    .addOption(
      option('--max-queue <images>', 'images waiting in each process; beyond it requests get 503 at once', {
        default: DEFAULT_LIMITS.maxQueue,
        parse: wholeNumber(1),
      }),
    )
    .addOption(
      option(
        '--timeout-ms <ms>',
        'time that a request which has arrived may wait for its answer; then it gets 504',
        {
          default: DEFAULT_LIMITS.timeoutMs,
          parse: milliseconds,
        },
      ),
    )
    .addOption(
      option('--request-timeout-ms <ms>', 'time that a request may take to arrive', {
        default: DEFAULT_LIMITS.requestTimeoutMs,
        parse: milliseconds,
      }),
    )
    .addOption(
      option('--shutdown-timeout-ms <ms>', 'time that open requests get once the service is told to stop', {
        default: DEFAULT_SHUTDOWN_TIMEOUT_MS,
        parse: milliseconds,
      }),
    )
    .addOption(
      option('--hang-timeout-ms <ms>', 'time without a heartbeat after which a process is replaced', {
        default: DEFAULT_HANG_TIMEOUT_MS,
        parse: milliseconds,
      }),
    )
    .addOption(
      option<LogLevel>('--log-level <level>', 'least serious log line to write', { default: 'info' }).choices(
        LOG_LEVELS,
      ),
    )
    .addOption(acceptedKeysOption())
    .addOption(corsOption())
    .action(serve);
  for (const declared of storeOptions()) command.addOption(declared);
  return command;
}

async function serve(options: ServeOptions, command: Command): Promise<void> {
  const { maxBatch, maxPixels, maxBodyBytes, maxHeldBytes, maxConnections, maxQueue } = options;
  const { timeoutMs, requestTimeoutMs } = options;
  if (maxQueue < maxBatch) {
    throw new InkdigitError(
      'invalid_option',
      `--max-queue ${maxQueue} has no room for a request of --max-batch ${maxBatch} images; expected at least as many.`,
    );
  }
  const store = storeSettingsOf(options);
  const { runCluster } = await import('../../server/processes/cluster.js');
  const { digestOfKey } = await import('../../server/security/api-keys.js');
  const { apiKey = [], adminKey = [], corsOrigin: corsOrigins = [] } = options;
  const isClean = await runCluster(
    {
      host: options.host,
      port: options.port,
      workers: options.workers,
      modelPath: resolve(options.model),
      store,
      version: command.parent?.version() ?? '',
      limits: {
        maxBatch,
        maxPixels,
        maxBodyBytes,
        maxHeldBytes,
        maxConnections,
        maxQueue,
        timeoutMs,
        requestTimeoutMs,
      },
      access: {
        keyDigests: apiKey.map(digestOfKey),
        corsOrigins,
        adminKeyDigests: adminKey.map(digestOfKey),
      },
      shutdownTimeoutMs: options.shutdownTimeoutMs,
      hangTimeoutMs: options.hangTimeoutMs,
      logLevel: options.logLevel,
    },
    (service) => processIo.stderr.write(banner(service)),
  );
  process.exitCode = isClean ? 0 : 1;
}

function banner({ host, port, workers, modelName }: RunningService): string {
  const url = `http://${reachableHost(host)}:${port}`;
  const count = workers === 1 ? '1 worker' : `${workers} workers`;
  return (
    `\ninkdigit is ready: ${url}/  (model ${modelName}, ${count}; Ctrl-C ends it)\n` +
    `Draw: ${url}/ in a browser\n` +
    `Try: curl -F image=@${sampleImage()} ${url}/mnist/classify\n\n`
  );
}

/** An address that answers for "every address" is not one to connect to. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function sampleImage(): string {
  const sample = join(packageRoot(), 'examples', 'digits', '7.png');
  if (!existsSync(sample)) return 'your-digit.png';
  const path = relative(process.cwd(), sample);
  return /\s/.test(path) ? JSON.stringify(path) : path;
}
