import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The service as it ships, with the shipped model, as a process of its own. */
export interface ShippedService {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts `inkdigit serve`. @param port 0 for any that is free. @param options more of them */
export async function startShippedService(
  port = 0,
  options: readonly string[] = [],
): Promise<ShippedService> {
  const args = ['bin/inkdigit.mjs', 'serve', '--workers', '1', '--port', String(port), ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  let said = '';
  for await (const text of child.stderr.setEncoding('utf8')) {
    said += String(text);
    const [, url = '', ownPort] = /(http:\/\/127\.0\.0\.1:(\d+)\/)/.exec(said) ?? [];
    if (!ownPort) continue;
    return {
      url,
      port: Number(ownPort),
      stop: async () => {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error(`the service did not start: ${said}`);
}
