import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { DEFAULT_MAX_PIXELS } from '../image/limits.js';
import { shippedModelPath } from '../model/model-paths.js';
import type { RunningService } from '../server/cluster.js';
import {
  DEFAULT_MAX_BATCH,
  DEFAULT_MAX_BODY_BYTES,
  DEFAULT_MAX_HELD_BYTES,
  DEFAULT_REQUEST_TIMEOUT_MS,
  DEFAULT_SHUTDOWN_TIMEOUT_MS,
} from '../server/limits.js';
import { LOG_LEVELS, type LogLevel } from '../server/logger.js';
import { acceptedKeysOption, corsOption } from './access-options.js';
import { milliseconds, option, wholeNumber } from './options.js';
import { packageRoot } from './package-paths.js';

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly workers: number;
  readonly model: string;
  readonly maxBatch: number;
  readonly maxPixels: number;
  readonly maxBodyBytes: number;
  readonly maxHeldBytes: number;
  readonly requestTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
  readonly logLevel: LogLevel;
  readonly apiKey?: readonly string[];
  readonly corsOrigin?: readonly string[];
}

/** `inkdigit serve` */
export function serveCommand(): Command {
  const cores = availableParallelism();
  return new Command('serve')
    .description(
      'Serves the model over HTTP: POST images to /mnist/classify, get digits back; / is a page to draw on.',
    )
    .addOption(
      option('--port <number>', 'TCP port to listen on, 0 for any that is free', {
        default: 8000,
        parse: wholeNumber(0, 65_535),
      }),
    )
    .addOption(
      option('--host <address>', 'address to listen on, 0.0.0.0 for every network', { default: '127.0.0.1' }),
    )
    .addOption(
      option('--workers <count>', 'processes that answer requests', {
        default: cores,
        defaultText: `one per core, here ${cores}`,
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
        default: DEFAULT_MAX_BATCH,
        parse: wholeNumber(1),
      }),
    )
    .addOption(
      option('--max-pixels <pixels>', 'width x height of one picture', {
        default: DEFAULT_MAX_PIXELS,
        parse: wholeNumber(1),
      }),
    )
    .addOption(
      option('--max-body-bytes <bytes>', 'size of one request', {
        default: DEFAULT_MAX_BODY_BYTES,
        parse: wholeNumber(1),
      }),
    )
    .addOption(
      option('--max-held-bytes <bytes>', 'large request bodies that each process holds at once', {
        default: DEFAULT_MAX_HELD_BYTES,
        parse: wholeNumber(1),
      }),
    )
    .addOption(
      option('--request-timeout-ms <ms>', 'time that a request may take to arrive', {
        default: DEFAULT_REQUEST_TIMEOUT_MS,
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
      option<LogLevel>('--log-level <level>', 'least serious log line to write', { default: 'info' }).choices(
        LOG_LEVELS,
      ),
    )
    .addOption(acceptedKeysOption())
    .addOption(corsOption())
    .action(serve);
}

async function serve(options: ServeOptions, command: Command): Promise<void> {
  const { runCluster } = await import('../server/cluster.js');
  const { digestOfKey } = await import('../server/api-keys.js');
  const { apiKey = [], corsOrigin: corsOrigins = [] } = options;
  const { maxBatch, maxPixels, maxBodyBytes, maxHeldBytes, requestTimeoutMs } = options;
  const isClean = await runCluster(
    {
      host: options.host,
      port: options.port,
      workers: options.workers,
      modelPath: resolve(options.model),
      version: command.parent?.version() ?? '',
      limits: { maxBatch, maxPixels, maxBodyBytes, maxHeldBytes, requestTimeoutMs },
      access: { keyDigests: apiKey.map(digestOfKey), corsOrigins },
      shutdownTimeoutMs: options.shutdownTimeoutMs,
      logLevel: options.logLevel,
    },
    (service) => process.stderr.write(banner(service)),
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
