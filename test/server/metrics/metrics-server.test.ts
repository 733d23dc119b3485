import { afterEach, describe, expect, it } from 'vitest';
import { MetricsServer } from '../../../src/server/metrics/metrics-server.js';

let server: MetricsServer | undefined;
afterEach(() => server?.close());

async function start(): Promise<string> {
  server = new MetricsServer((format) => `# as ${format}\n`);
  return `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
}

describe('MetricsServer', () => {
  it('answers GET /metrics in the format that is asked for, and keeps nothing', async () => {
    const url = await start();
    const plain = await fetch(`${url}/metrics?x=1`);
    expect([plain.status, await plain.text()]).toEqual([200, '# as prometheus\n']);
    expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(plain.headers.get('cache-control')).toBe('no-store');
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5';
    const open = await fetch(`${url}/metrics`, { headers: { accept } });
    expect(await open.text()).toBe('# as openmetrics\n');
    expect(open.headers.get('content-type')).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
  });

  it('answers HEAD without a body, and says what else there is: nothing', async () => {
    const url = await start();
    const head = await fetch(`${url}/metrics`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '16', '']);
    expect((await fetch(`${url}/`)).status).toBe(404);
    const post = await fetch(`${url}/metrics`, { method: 'POST', body: 'x' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('says where its port cannot be had', async () => {
    const port = Number(new URL(await start()).port);
    const other = new MetricsServer(() => '');
    await expect(other.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
