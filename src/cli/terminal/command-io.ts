import { visibleText } from '../../visible-text.js';

/** A stream that lines are written to; `process.stderr` is one. */
export interface RawStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Control sequences around a text, to colour or to place it. */
export interface Steering {
  readonly before: string;
  readonly after: string;
}

/** A stream on which only `steering` can control the terminal, whatever the text holds. */
export interface LineStream {
  readonly isTTY: boolean;
  /** Of a terminal. */
  readonly columns: number | undefined;
  write(text: string, steering?: Steering): unknown;
}

const NO_STEERING: Steering = { before: '', after: '' };

/** Escapes control characters in everything that is written: names, messages and cards may come from elsewhere. */
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

/** What a command needs of its process; tests pass their own. */
export interface CommandIo {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: LineStream;
  readonly stderr: LineStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  exitCode?: number | string | null | undefined;
}

/** This process. */
export const processIo: CommandIo = {
  get stdin() {
    // A getter: an open stdin keeps the process from ending.
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

/** Whether to colour a stream: on a terminal with colours, unless NO_COLOR (https://no-color.org) is set. */
export function wantsColor(stream: LineStream, env: CommandIo['env']): boolean {
  return stream.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
