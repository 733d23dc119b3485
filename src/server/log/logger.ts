import { pino, stdTimeFunctions, type Logger, type LoggerOptions } from 'pino';
import { LineBatch } from './line-batch.js';
import { LineWriter } from './line-writer.js';
import { JSON_LINES, type LogStyle } from './log-format.js';
import type { LogLevel } from './log-level.js';
import { prettyLine } from './pretty-line.js';

interface LineStream {
  write(line: string): void;
}

/**
 * Lines on stdout, with the level by its name and the time as ISO 8601: Fastify's option, which is pino's. As JSON, or
 * for people.
 */
export function loggerOptions(
  level: LogLevel,
  style: LogStyle = JSON_LINES,
): LoggerOptions & { readonly stream: LineStream } {
  const writer = new LineWriter();
  const lines = new LineBatch(writer);
  process.once('exit', () => lines.flush());
  return {
    level,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    stream: style.isPretty ? { write: (line) => lines.write(prettyLine(line, style.isColored)) } : lines,
  };
}

/** The same lines for what has no Fastify. */
export function createLogger(level: LogLevel, style: LogStyle = JSON_LINES): Logger {
  const { stream, ...options } = loggerOptions(level, style);
  return pino(options, stream);
}
