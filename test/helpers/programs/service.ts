import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { pngOfDigit } from './test-app.js';

export type LogLine = Record<string, unknown>;

/** A service that runs as processes of its own. */
export interface Service {
  readonly child: ChildProcess;
  readonly url: string;
  /** Resolves with the exit code and all of stderr. */
  readonly ended: Promise<{ code: number | null; stderr: string }>;
  /** All log lines so far. */
  readonly logs: () => LogLine[];
  /** Resolves with the first log line that fits, past or to come, from the line with index `from` on. */
  readonly logged: (fits: (line: LogLine) => boolean, from?: number) => Promise<LogLine>;
  /** Resolves once stderr contains `text`. */
  said(text: string): Promise<void>;
}

const running = new Set<ChildProcess>();

/** For `afterEach`: ends what a test left running. */
export function endServices(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Starts `inkdigit serve`, of this clone or by the program given; `ready` rejects where it ends before. */
export function startService(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdio: StdioOptions = ['ignore', 'pipe', 'pipe'],
  program = 'bin/inkdigit.mjs',
): Omit<Service, 'url'> & { ready: Promise<Service> } {
  const child = spawn(process.execPath, [program, 'serve', ...args], {
    stdio,
    env: { ...process.env, ...env },
  });
  running.add(child);
  // Services under load log thousands of lines: each is parsed, and looked at, once.
  const unparsed: string[] = [];
  const parsed: LogLine[] = [];
  let stdout = '';
  let stderr = '';
  const parse = (): readonly LogLine[] => {
    for (const line of unparsed.splice(0)) parsed.push(JSON.parse(line));
    return parsed;
  };
  const listeners = new Set<() => void>();
  const onOutput = (): void => {
    for (const listener of listeners) listener();
  };
  listen(child.stdout, (text) => {
    const lines = (stdout + text).split('\n');
    stdout = lines.pop() ?? '';
    unparsed.push(...lines);
    onOutput();
  });
  listen(child.stderr, (text) => {
    stderr += text;
    onOutput();
  });
  const ended = once(child, 'close').then(() => {
    running.delete(child);
    return { code: child.exitCode, stderr };
  });
  /** Resolves with what `look` finds now or after some output. */
  const found = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const lookAgain = (): void => {
        const result = look();
        if (result === undefined) return;
        listeners.delete(lookAgain);
        resolve(result);
      };
      listeners.add(lookAgain);
      lookAgain();
      void ended.then(() => reject(new Error(`the service ended: ${stderr}`)));
    });
  const logs = (): LogLine[] => [...parse()];
  const logged: Service['logged'] = (fits, from = 0) => {
    let next = from;
    return found(() => {
      const lines = parse();
      const index = lines.findIndex((line, i) => i >= next && fits(line));
      next = lines.length;
      return lines[index];
    });
  };
  const said: Service['said'] = async (text) => void (await found(() => stderr.includes(text) || undefined));
  const ready = logged((line) => line['msg'] === 'ready').then((line) => {
    return { child, ended, logs, logged, said, url: `http://127.0.0.1:${String(line['port'])}` };
  });
  ready.catch(() => {});
  return { child, ended, logs, logged, said, ready };
}

function listen(stream: Readable | null, onText: (text: string) => void): void {
  stream?.setEncoding('utf8').on('data', onText);
}

/** Asks on a connection of its own. @returns the digit that was read */
export async function classify(url: string, digit: number): Promise<unknown> {
  const response = await fetch(`${url}/mnist/classify?normalize=never`, {
    method: 'POST',
    headers: { 'content-type': 'image/png', connection: 'close' },
    body: await pngOfDigit(digit),
  });
  expect(response.status).toBe(200);
  const body = (await response.json()) as { responses: { class: number }[] };
  return body.responses[0]?.class;
}

/** Resolves once no process listens any more. */
export async function refused(url: string): Promise<void> {
  const port = Number(new URL(url).port);
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isRefused = await once(socket, 'connect').then(
      () => false,
      (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
    );
    socket.destroy();
    if (isRefused) return;
    await delay(20);
  }
}
