import type { LineStream } from './progress-bar.js';

/** What a command needs of the process that it runs in; `process` is one, tests give their own. */
export interface CommandIo {
  readonly stdout: LineStream;
  readonly stderr: LineStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  exitCode?: number | string | null | undefined;
}

/** Whether to colour what goes to a stream: on a terminal that has colours, unless NO_COLOR (https://no-color.org) is set. */
export function wantsColor(stream: LineStream, env: CommandIo['env']): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
