import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processesIn, type Host } from './namespaces.js';

const bin = fileURLToPath(new URL('../../bin/inkdigit.mjs', import.meta.url));

/** Port of the service on each host. */
const PORT = 8000;
const SETTINGS = '--workers 1 --drain-ms 1000 --shutdown-timeout-ms 8000 --log-level warn'.split(' ');

/** A host with a service on it. */
export class Machine {
  readonly #host: Host;
  readonly #args: readonly string[];
  #child: ChildProcess | null = null;
  #output = '';

  /** @param args of `inkdigit serve`, besides */
  constructor(host: Host, args: readonly string[] = []) {
    this.#host = host;
    this.#args = args;
  }

  get name(): string {
    return this.#host.name;
  }

  /** Starts the service. Resolves once it is ready. @throws Error where it ends before */
  async start(): Promise<void> {
    const serve = [bin, 'serve', '--host', '0.0.0.0', '--port', String(PORT), ...SETTINGS, ...this.#args];
    const child = spawn('ip', ['netns', 'exec', this.#host.namespace, process.execPath, ...serve], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (piece: Buffer) => (this.#output = (this.#output + piece.toString()).slice(-4000)));
    }
    while (!(await isOk(`http://${this.#host.address}:${PORT}/readyz`))) {
      if (child.exitCode !== null) throw new Error(`${this.name} ended: ${this.#output}`);
      await delay(20);
    }
  }

  /** As a supervisor does. @returns its exit code */
  async stop(): Promise<number | null> {
    const child = this.#running();
    child.kill('SIGTERM');
    await ended(child);
    return child.exitCode;
  }

  /** All processes of the host end at once, as when it loses its power. */
  async kill(): Promise<void> {
    const child = this.#running();
    for (const pid of processesIn(this.#host.namespace)) signal(pid, 'SIGKILL');
    await ended(child);
    while (processesIn(this.#host.namespace).length > 0) await delay(5);
  }

  /** Makes it slow: its processes stand still most of the time. @param share 0 to 1 in which they run */
  async slowDown(share: number, ms: number): Promise<void> {
    const turnMs = 50;
    const pids = processesIn(this.#host.namespace);
    const all = (name: NodeJS.Signals): void => pids.forEach((pid) => signal(pid, name));
    const endMs = performance.now() + ms;
    try {
      while (performance.now() < endMs) {
        all('SIGSTOP');
        await delay(turnMs * (1 - share));
        all('SIGCONT');
        await delay(turnMs * share);
      }
    } finally {
      all('SIGCONT');
    }
  }

  #running(): ChildProcess {
    if (!this.#child) throw new Error(`${this.name} was not started.`);
    return this.#child;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

/** Whether an address answers with a status below 300. */
export async function isOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { headers: { connection: 'close' } })).ok;
  } catch {
    return false;
  }
}

export type ProxyName = 'haproxy' | 'nginx';

/** A proxy of this namespace, by its configuration in `deploy/`. */
export interface Proxy {
  /** Resolves once it may send requests to every host again. */
  sees(count: number): Promise<void>;
  /** How often a request was sent a second time; `NaN` where the proxy does not say. */
  repeats(): Promise<number>;
  /** @returns the last of what it wrote to stderr */
  stop(): string;
}

export const PROXY_PORT = 8000;

/** Starts it. @throws Error where it ends at once */
export async function startProxy(name: ProxyName): Promise<Proxy> {
  const config = fileURLToPath(
    new URL(`../../deploy/${name}.${name === 'nginx' ? 'conf' : 'cfg'}`, import.meta.url),
  );
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-proxy-'));
  const args = name === 'haproxy' ? ['-db', '-f', config] : ['-p', folder, '-c', config, '-g', 'daemon off;'];
  const child = spawn(name, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (piece: Buffer) => (said = (said + piece.toString()).slice(-4000)));
  const metrics = async (): Promise<string> =>
    (await fetch('http://127.0.0.1:8405/metrics', { headers: { connection: 'close' } })).text();
  while (!(await isOk(`http://127.0.0.1:${PROXY_PORT}/livez`))) {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`);
    await delay(50);
  }
  return {
    async sees(count) {
      // Nor does nginx say; its clock counts whole seconds, and fail_timeout is one.
      if (name === 'nginx') return delay(2500);
      for (;;) {
        const up = (await metrics()).matchAll(/^haproxy_server_status\{[^}]*state="UP"\} 1$/gm);
        if ([...up].length === count) return;
        await delay(50);
      }
    },
    async repeats() {
      if (name !== 'haproxy') return NaN;
      const [, warnings = NaN] =
        /^haproxy_backend_retry_warnings_total\{proxy="inkdigit"\} (\d+)/m.exec(await metrics()) ?? [];
      return Number(warnings);
    },
    stop() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
      return said;
    },
  };
}
