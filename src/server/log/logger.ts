import { pino, stdTimeFunctions, type Logger, type LoggerOptions } from 'pino';
import { LineWriter } from './line-writer.js';
import type { LogLevel } from './log-level.js';

/** JSON lines on stdout, with the level by its name and the time as ISO 8601: Fastify's option, which is pino's. */
export function loggerOptions(level: LogLevel): LoggerOptions & { readonly stream: LineWriter } {
  return {
    level,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    stream: new LineWriter(),
  };
}

/** The same lines for what has no Fastify. */
export function createLogger(level: LogLevel): Logger {
  const { stream, ...options } = loggerOptions(level);
  return pino(options, stream);
}
