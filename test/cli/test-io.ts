import type { CommandIo } from '../../src/cli/command-io.js';

/** A command's surroundings that remember what was written. */
export interface TestIo extends CommandIo {
  readonly out: () => string;
  readonly err: () => string;
}

export function testIo(settings: { isTTY?: boolean; env?: Record<string, string> } = {}): TestIo {
  const { isTTY = false, env = {} } = settings;
  let out = '';
  let err = '';
  return {
    stdout: { isTTY, columns: 100, write: (text) => (out += text) },
    stderr: { isTTY, columns: 100, write: (text) => (err += text) },
    env,
    out: () => out,
    err: () => err,
  };
}
