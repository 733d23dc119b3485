import { MnistClientError } from '../../client/exports.js';
import { visibleLine } from '../../visible-text.js';
import type { CommandIo } from '../terminal/command-io.js';

/** Opens a reader, uses and closes it. What a server or the way to it is at fault for is said, with exit code 1. */
export async function usingReader<R extends { close(): Promise<void> }>(
  open: () => Promise<R>,
  use: (reader: R) => Promise<void>,
  io: CommandIo,
): Promise<void> {
  try {
    const reader = await open();
    try {
      await use(reader);
    } finally {
      await reader.close();
    }
  } catch (thrown) {
    if (!(thrown instanceof MnistClientError)) throw thrown;
    io.stderr.write(`inkdigit: ${visibleLine(thrown.message)}\n`);
    io.exitCode = 1;
  }
}
