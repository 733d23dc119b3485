import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { mnistDir } from '../data/mnist.js';

const bin = fileURLToPath(new URL('../../../bin/inkdigit.mjs', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliRun {
  /** Sends a signal once `text` was written to stderr. */
  signalAfter(text: string, signal: NodeJS.Signals): void;
  readonly ended: Promise<CliResult>;
}

/** Starts `inkdigit …` as a process of its own. */
export function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin?: Uint8Array,
): CliRun {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...process.env, ...(mnistDir ? { MNIST_DATA_DIR: mnistDir } : {}), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command that does not read it may end first.
  child.stdin.on('error', () => {}).end(stdin);
  let stdout = '';
  let stderr = '';
  const waiting: { text: string; signal: NodeJS.Signals }[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const [i, { text: awaited, signal }] of waiting.entries()) {
      if (!stderr.includes(awaited)) continue;
      waiting.splice(i, 1);
      child.kill(signal);
    }
  });
  return {
    signalAfter: (text, signal) => void waiting.push({ text, signal }),
    ended: once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr })),
  };
}

export function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  return startCli(args, env).ended;
}
