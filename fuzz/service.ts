import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/inkdigit.mjs', import.meta.url));

/** The service as it ships, as processes of their own. */
export interface FuzzedService {
  readonly port: number;
  /** Log lines of warnings and errors so far: a failed answer, a worker that ended. */
  readonly complaints: readonly string[];
  readonly hasEnded: boolean;
  /** Resident memory of the workers, in megabytes; `null` where the system does not tell. */
  workerMegabytes(): number | null;
  stop(): Promise<void>;
}

export async function startService(
  workers: number,
  extraArgs: readonly string[] = [],
): Promise<FuzzedService> {
  const args = [
    bin,
    'serve',
    '--port',
    '0',
    '--workers',
    String(workers),
    '--log-level',
    'warn',
    ...extraArgs,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let hasEnded = false;
  const ended = once(child, 'close').then(() => (hasEnded = true));
  const complaints: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  let said = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, found] = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(said) ?? [];
      if (found) resolve(Number(found));
    });
    void ended.then(() => reject(new Error(`the service did not start: ${said}`)));
  });
  return {
    port,
    complaints,
    get hasEnded() {
      return hasEnded;
    },
    workerMegabytes: () => workerMegabytes(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Linux tells what a process has, and whose child it is, in /proc. */
function workerMegabytes(primary: number): number | null {
  try {
    const children = readFileSync(`/proc/${primary}/task/${primary}/children`, 'utf8').trim().split(' ');
    const kilobytes = children.map((pid) => {
      const [, resident] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return Number(resident);
    });
    return Math.round(kilobytes.reduce((sum, each) => sum + each, 0) / 1024);
  } catch {
    return null;
  }
}
