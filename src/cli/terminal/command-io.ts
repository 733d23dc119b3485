import { visibleText } from './visible-text.js';

/** A stream that lines are written to; `process.stderr` is one. */
export interface RawStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** What is written around a text to colour or to place it. */
export interface Steering {
  readonly before: string;
  readonly after: string;
}

/** Where commands write: only `steering` can steer a terminal, whatever is in the text. */
export interface LineStream {
  readonly isTTY: boolean;
  /** Of a terminal. */
  readonly columns: number | undefined;
  write(text: string, steering?: Steering): unknown;
}

const NO_STEERING: Steering = { before: '', after: '' };

/** What a stream shows of names, messages and cards from elsewhere can do no more than be read. */
export function guardStream(stream: RawStream): LineStream {
  return {
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns;
    },
    write: (text, { before, after } = NO_STEERING) => stream.write(before + visibleText(text) + after),
  };
}

/** What a command needs of the process that it runs in; tests give their own. */
export interface CommandIo {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: LineStream;
  readonly stderr: LineStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  exitCode?: number | string | null | undefined;
}

/** The surroundings of the command that this process is. */
export const processIo: CommandIo = {
  get stdin() {
    // Not before it is asked for: an open one keeps the process from ending.
    return process.stdin;
  },
  stdout: guardStream(process.stdout),
  stderr: guardStream(process.stderr),
  env: process.env,
  get exitCode() {
    return process.exitCode;
  },
  set exitCode(code) {
    process.exitCode = code;
  },
};

/** Whether to colour what goes to a stream: on a terminal that has colours, unless NO_COLOR (https://no-color.org) is set. */
export function wantsColor(stream: LineStream, env: CommandIo['env']): boolean {
  return stream.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
