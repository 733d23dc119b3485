import { fileURLToPath } from 'node:url';
import { freePort, startServer, type Command, type ServerProcess } from './server-process.js';

export const CLASSIFY_PATH = '/mnist/classify';

const BIN = fileURLToPath(new URL('../../bin/inkdigit.mjs', import.meta.url));

/** What it says when it answers. */
export const SERVICE_READY = /inkdigit is ready/;

/** `inkdigit serve` as people run it. */
export function serviceCommand(port: number, model: string, bin = BIN): Command {
  return { file: process.execPath, args: [bin, 'serve', '--port', String(port), '--model', model] };
}

/** @param more options */
export async function startService(
  model: string,
  maxQueue?: number,
  more: readonly string[] = [],
): Promise<ServerProcess> {
  const port = await freePort();
  const command = serviceCommand(port, model);
  const queue = maxQueue === undefined ? [] : ['--max-queue', String(maxQueue)];
  return startServer({ ...command, args: [...command.args, ...queue, ...more] }, port, SERVICE_READY);
}
