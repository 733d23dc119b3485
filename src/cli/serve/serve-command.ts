import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { InkdigitError } from '../../errors.js';
import { shippedModelPath } from '../../model/model-paths.js';
import type { RunningService } from '../../server/processes/supervision.js';
import {
  DEFAULT_HANG_TIMEOUT_MS,
  DEFAULT_LIMITS,
  DEFAULT_SHUTDOWN_TIMEOUT_MS,
  type Limits,
} from '../../server/limits.js';
import { LOG_FORMATS, logStyleOf, type LogFormat } from '../../server/log/log-format.js';
import { LOG_LEVELS, type LogLevel } from '../../server/log/log-level.js';
import { hostOption, portOption, reachableHost, requireOneAddress } from '../options/address-options.js';
import { acceptedKeysOption, corsOption } from '../options/access-options.js';
import { describeSettings, takeWholeConfigFile } from '../options/config-file.js';
import { processIo, type CommandIo } from '../terminal/command-io.js';
import { describeCores, findCores } from '../options/cores.js';
import { decimalNumber, milliseconds, option, wholeNumber } from '../options/declare-option.js';
import { packageRoot } from '../../package-info.js';
import { addCollectOptions, collectionSettingsOf, type CollectOptions } from './collect-options.js';
import { addEdgeOptions, edgeSettingsOf, type EdgeOptions } from './edge-options.js';
import { addMetricsOptions, metricsSettingsOf, type MetricsOptions } from './metrics-options.js';
import { addStoreOptions, storeSettingsOf, type StoreOptions } from './store-options.js';

interface ServeOptions extends Limits, EdgeOptions, MetricsOptions, StoreOptions, CollectOptions {
  readonly port: number;
  readonly host: string;
  readonly grpcPort?: number;
  readonly workers: number;
  readonly model: string;
  readonly modelName?: string;
  readonly shutdownTimeoutMs: number;
  readonly hangTimeoutMs: number;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly logSample: number;
  readonly apiKey?: readonly string[];
  readonly corsOrigin?: readonly string[];
  readonly printConfig?: boolean;
}

/** `inkdigit serve` */
export function serveCommand(io: CommandIo = processIo): Command {
  const cores = findCores();
  const command = new Command('serve')
    .description(
      'Serves the model over HTTP: POST images to /mnist/classify, get digits back; / is a page to draw on.',
    )
    .addOption(portOption())
    .addOption(hostOption())
    .addOption(
      option('--grpc-port <number>', 'TCP port for gRPC (Open Inference Protocol), 0 for any that is free', {
        defaultText: 'no gRPC',
        parse: wholeNumber(0, 65_535),
      }),
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
      option(
        '--model-name <name>',
        'another name of the model digits under /v2 and /v1, as KServe names it',
        {
          parse: modelName,
        },
      ),
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
      option<LogLevel>('--log-level <level>', 'minimum level of log lines', { default: 'info' }).choices(
        LOG_LEVELS,
      ),
    )
    .addOption(
      option<LogFormat>('--log-format <format>', 'auto: for people on a terminal, else JSON lines', {
        default: 'auto',
      }).choices(LOG_FORMATS),
    )
    .addOption(
      option('--log-sample <share>', 'share of requests that went well to log, 0 to 1; errors always are', {
        default: 1,
        parse: decimalNumber(0, 1),
      }),
    )
    .addOption(acceptedKeysOption())
    .addOption(corsOption())
    .action((options: ServeOptions, self: Command) => serve(options, self, io));
  return takeWholeConfigFile(addCollectOptions(addStoreOptions(addMetricsOptions(addEdgeOptions(command)))));
}

async function serve(options: ServeOptions, command: Command, io: CommandIo): Promise<void> {
  const { maxBatch, maxPixels, maxBodyBytes, maxHeldBytes, maxConnections, maxQueue } = options;
  const { timeoutMs, requestTimeoutMs } = options;
  if (maxQueue < maxBatch) {
    throw new InkdigitError(
      'invalid_option',
      `--max-queue ${maxQueue} has no room for a request of --max-batch ${maxBatch} images; expected at least ` +
        'as many.',
    );
  }
  requireOneAddress(command);
  const edge = edgeSettingsOf(options, (key) => command.getOptionValueSource(key) !== 'default');
  const metrics = metricsSettingsOf(options);
  const store = storeSettingsOf(options);
  const collection = await collectionSettingsOf(options);
  if (options.printConfig) {
    io.stdout.write(describeSettings(command));
    return;
  }
  const { runCluster } = await import('../../server/processes/cluster.js');
  const { digestOfKey } = await import('../../server/security/api-keys.js');
  const { apiKey = [], adminKey = [], corsOrigin: corsOrigins = [] } = options;
  const isClean = await runCluster(
    {
      ...edge,
      host: options.host,
      port: options.port,
      workers: options.workers,
      grpcPort: options.grpcPort,
      modelPath: resolve(options.model),
      store,
      modelAlias: options.modelName,
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
      logStyle: logStyleOf(options.logFormat, io.stdout.isTTY, io.env),
      logSample: options.logSample,
      metrics,
      collection,
    },
    (service) => io.stderr.write(banner(service, apiKey.length > 0)),
  );
  io.exitCode = isClean ? 0 : 1;
}

/** What a path can have between two slashes without more ado. */
function modelName(text: string): string {
  if (/^[\w.-]{1,100}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected letters, digits, ".", "_" and "-", 100 at most.');
}

function banner(service: RunningService, asksForKey: boolean): string {
  const { host, grpcPort, workers, modelName: name, socketPath, metrics, isTls } = service;
  const count = workers === 1 ? '1 worker' : `${workers} workers`;
  const url = urlOf(service);
  const post = `${asksForKey ? '-H "x-api-key: KEY" ' : ''}-F image=@${sampleImage()}`;
  const [where, draw, curl] =
    socketPath === undefined
      ? [`${url}/`, `Draw: ${url}/ in a browser\n`, `curl ${post} ${url}/mnist/classify`]
      : [socketPath, '', `curl --unix-socket ${quoted(socketPath)} ${post} ${url}/mnist/classify`];
  const watch = metrics ? `Metrics: http://${reachableHost(metrics.host)}:${metrics.port}/metrics\n` : '';
  return (
    `\ninkdigit is ready: ${where}  (model ${name}, ${count}; Ctrl-C ends it)\n` +
    (grpcPort === undefined ? '' : `gRPC: ${reachableHost(host)}:${grpcPort}${isTls ? ' (TLS)' : ''}\n`) +
    `${draw}Try: ${curl}\n${watch}\n`
  );
}

function urlOf({ host, port, socketPath, isTls }: RunningService): string {
  const authority = socketPath === undefined ? `${reachableHost(host)}:${port}` : 'localhost';
  return `${isTls ? 'https' : 'http'}://${authority}`;
}

function sampleImage(): string {
  const sample = join(packageRoot(), 'examples', 'digits', '7.png');
  if (!existsSync(sample)) return 'your-digit.png';
  return quoted(relative(process.cwd(), sample));
}

/** For a shell. */
function quoted(path: string): string {
  return /\s/.test(path) ? JSON.stringify(path) : path;
}
