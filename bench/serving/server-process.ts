import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { processorMicroseconds, processTree, proportionalBytes } from './processes.js';

/** A server under test: a process, and the workers that it started. */
export interface ServerProcess {
  readonly port: number;
  /** Without the primary. */
  workers(): readonly number[];
  /** Processor time of the primary and its workers so far. */
  processorMicroseconds(): number;
  /** Memory of all of them, shared pages divided among those that have them; `NaN` where it cannot be told. */
  megabytes(): number;
  /** Ends it, gently. */
  stop(): Promise<void>;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const ASK_EVERY_MS = 50;

/**
 * Starts a server and waits for what it writes to stderr when it is ready, or where it writes nothing then, until it
 * answers `/livez`. Its stdout, the log, goes nowhere, or into an open file.
 */
export async function startServer(
  command: Command,
  port: number,
  readyText: RegExp | 'livez',
  log: number | 'ignore' = 'ignore',
): Promise<ServerProcess> {
  const child = spawn(command.file, command.args, {
    env: { ...process.env, ...command.env },
    stdio: ['ignore', log, 'pipe'],
  });
  let said = '';
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      said += error.message;
      resolve();
    });
    child.once('exit', () => resolve());
  });
  const ready = new Promise<void>((resolve, reject) => {
    const fail = (what: string): void =>
      reject(new Error(`${command.file} ${command.args.join(' ')} ${what}: ${said.trim()}`));
    const timer = setTimeout(fail, START_TIMEOUT_MS, 'was not ready in time');
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000);
      if (readyText === 'livez' || !readyText.test(said)) return;
      clearTimeout(timer);
      resolve();
    });
    if (readyText === 'livez') {
      void untilLive(port, ended).then(() => {
        clearTimeout(timer);
        resolve();
      });
    }
    void ended.then(() => fail('ended before it was ready'));
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(insist);
  };
  const { pid = 0 } = child;
  try {
    await ready;
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    workers: () => processTree(pid).slice(1),
    processorMicroseconds: () => processorMicroseconds(processTree(pid)),
    megabytes: () => processTree(pid).reduce((sum, one) => sum + proportionalBytes(one), 0) / 1e6,
    stop,
  };
}

/** Asks until `/livez` is answered, or the process has ended. */
async function untilLive(port: number, ended: Promise<void>): Promise<void> {
  const state = { isOver: false };
  void ended.then(() => (state.isOver = true));
  while (!state.isOver) {
    const response = await fetch(`http://127.0.0.1:${port}/livez`).catch(() => undefined);
    if (response?.ok) return;
    await delay(ASK_EVERY_MS);
  }
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
