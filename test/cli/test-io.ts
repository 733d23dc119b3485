import { Readable } from 'node:stream';
import { guardStream, type CommandIo } from '../../src/cli/terminal/command-io.js';

/** A command's surroundings that remember what was written. */
export interface TestIo extends CommandIo {
  readonly out: () => string;
  readonly err: () => string;
}

export function testIo(
  settings: { isTTY?: boolean; env?: Record<string, string>; stdin?: Iterable<Uint8Array> } = {},
): TestIo {
  const { isTTY = false, env = {}, stdin = [] } = settings;
  let out = '';
  let err = '';
  return {
    stdin: Readable.from(stdin),
    stdout: guardStream({ isTTY, columns: 100, write: (text) => (out += text) }),
    stderr: guardStream({ isTTY, columns: 100, write: (text) => (err += text) }),
    env,
    out: () => out,
    err: () => err,
  };
}
