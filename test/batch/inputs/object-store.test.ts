import { describe, expect, it } from 'vitest';
import { ObjectStore, parseS3Address } from '../../../src/batch/inputs/object-store.js';
import { startObjectServer, type ObjectServer } from '../../helpers/surroundings/object-server.js';

const QUICK = { retries: 2, firstDelayMs: 1, maxDelayMs: 2 };
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-3' };

const storeAt = ({ url }: ObjectServer, env: Readonly<Record<string, string>> = {}): ObjectStore =>
  new ObjectStore({ AWS_ENDPOINT_URL: url, ...env }, QUICK);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 251);

describe('an address', () => {
  it('has a bucket, and perhaps a key', () => {
    expect(parseS3Address('s3://scans')).toEqual({ bucket: 'scans', key: '' });
    expect(parseS3Address('s3://scans/')).toEqual({ bucket: 'scans', key: '' });
    expect(parseS3Address('s3://scans/2026/a b.png')).toEqual({ bucket: 'scans', key: '2026/a b.png' });
    expect(() => parseS3Address('s3:///a')).toThrow('Expected an address as s3://bucket/key');
  });
});

describe('a store of objects', () => {
  it('gives an object, whatever its key is', async () => {
    const key = 'scans/2026/ä b+c&d%#?.png';
    const server = await startObjectServer({ [key]: bytesOf(9) });
    expect(await storeAt(server).get(`s3://${key}`, 100)).toEqual(bytesOf(9));
  });

  it('lists what begins as an address says, over all pages, folders of consoles left out', async () => {
    const names = [
      'scans/a/1.png',
      'scans/a/2 3&4.png',
      'scans/a/5.png',
      'scans/a/',
      'scans/b.png',
      'other/a/1.png',
    ];
    const server = await startObjectServer(
      Object.fromEntries(names.map((name) => [name, bytesOf(name.length)])),
    );
    expect(await collect(storeAt(server).list('s3://scans/a/'))).toEqual([
      { path: 's3://scans/a/1.png', size: 13 },
      { path: 's3://scans/a/2 3&4.png', size: 17 },
      { path: 's3://scans/a/5.png', size: 13 },
    ]);
  });

  it('signs where there are keys, and only then', async () => {
    const server = await startObjectServer({ 'scans/a.png': bytesOf(3) });
    await storeAt(server, KEYS).get('s3://scans/a.png', 100);
    await storeAt(server).get('s3://scans/a.png', 100);
    expect(server.requests.map(({ signature }) => signature)).toEqual([
      expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-3\/s3\/aws4_request, /),
      undefined,
    ]);
  });

  it('says what is not there, and what is refused, without trying again', async () => {
    const server = await startObjectServer(
      {},
      {
        intercept(request, response) {
          if (request.url !== '/scans/secret.png') return false;
          response.writeHead(403).end();
          return true;
        },
      },
    );
    const store = storeAt(server);
    await expect(store.get('s3://scans/none.png', 9)).rejects.toMatchObject({
      code: 'missing_file',
      message: 'Cannot read s3://scans/none.png: there is no such bucket or object.',
    });
    await expect(store.get('s3://scans/secret.png', 9)).rejects.toThrow(
      /access is denied. Check AWS_ACCESS_KEY_ID/,
    );
    expect(server.requests).toHaveLength(2);
  });

  it('tries again where the store is overloaded, and gives up at last', async () => {
    const server = await startObjectServer(
      { 'scans/a.png': bytesOf(3) },
      {
        intercept(_request, response, number) {
          if (number === 3) return false;
          response.writeHead(503).end();
          return true;
        },
      },
    );
    expect(await storeAt(server).get('s3://scans/a.png', 9)).toEqual(bytesOf(3));
    await expect(storeAt(server).get('s3://scans/a.png', 9)).rejects.toMatchObject({
      code: 'download_failed',
    });
    const nowhere = new ObjectStore({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, QUICK);
    await expect(nowhere.get('s3://scans/a.png', 9)).rejects.toMatchObject({ code: 'download_failed' });
  });

  it('goes on with an object where its connection broke off', async () => {
    const content = bytesOf(300_000);
    const server = await startObjectServer(
      { 'scans/a.tar': content },
      {
        intercept(request, response) {
          const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? NaN);
          if (!(from < 200_000)) return false;
          response.writeHead(206, { 'content-length': content.length - from });
          response.write(content.subarray(from, from + 70_000), () =>
            setTimeout(() => response.destroy(), 20),
          );
          return true;
        },
      },
    );
    const source = await storeAt(server).open('s3://scans/a.tar');
    expect(source.size).toBe(300_000);
    const all = Buffer.concat(await collect(source.stream(10)));
    expect(all.equals(content.subarray(10))).toBe(true);
    expect(await source.read(250_000, 250_010)).toEqual(content.slice(250_000, 250_010));
  });

  it('joins nothing of two versions', async () => {
    const server = await startObjectServer({ 'scans/a.tar': bytesOf(30) });
    const source = await storeAt(server).open('s3://scans/a.tar');
    server.objects.set('scans/a.tar', bytesOf(31));
    await expect(source.read(0, 5)).rejects.toThrow(/it has changed since it was looked at/);
  });

  it('does not take objects that no image is as large as', async () => {
    const server = await startObjectServer({ 'scans/a.png': bytesOf(30) });
    await expect(storeAt(server).get('s3://scans/a.png', 29)).rejects.toMatchObject({ code: 'invalid_data' });
  });
});
