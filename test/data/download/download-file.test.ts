import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  downloadFile,
  type DownloadProgress,
  type DownloadSettings,
} from '../../../src/data/download/download-file.js';
import { mountSmallDisk } from '../../helpers/surroundings/small-disk.js';
import { startServer, unusedPort } from './local-server.js';

const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251));
const ETAG = '"v1"';

let folder: string;
let target: string;

beforeEach(async () => {
  breakWhen = undefined;
  folder = await mkdtemp(join(tmpdir(), 'inkdigit-download-'));
  target = join(folder, 'new', 'file.bin');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

async function verify(bytes: Uint8Array, source: string): Promise<Uint8Array> {
  const right = createHash('sha256').update(CONTENT).digest('hex');
  if (createHash('sha256').update(bytes).digest('hex') !== right) throw new Error(`${source}: wrong content`);
  return bytes;
}

/** What `breakOff` waits for: a connection that breaks earlier takes unread bytes with it. */
let breakWhen: { receivedBytes: number; response: ServerResponse } | undefined;

function download(urls: readonly string[], settings: DownloadSettings = {}): Promise<Uint8Array> {
  const onProgress = (progress: DownloadProgress): void => {
    settings.onProgress?.(progress);
    if (progress.receivedBytes === breakWhen?.receivedBytes) breakWhen.response.destroy();
  };
  return downloadFile({ target, urls, maxBytes: CONTENT.length, verify }, { ...settings, onProgress });
}

/** Answers with the whole file, or with the part asked for. */
function serve(request: IncomingMessage, response: ServerResponse, content = CONTENT, etag = ETAG): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const partial = from > 0 && [undefined, etag].includes(request.headers['if-range']?.toString());
  if (!partial) {
    response.writeHead(200, { etag, 'content-length': content.length }).end(content);
    return;
  }
  response.writeHead(206, {
    etag,
    'content-length': content.length - from,
    'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
  });
  response.end(content.subarray(from));
}

/** Sends the beginning of the file, and closes the connection when it has arrived. */
function breakOff(response: ServerResponse, beginning: Buffer, etag?: string): void {
  response.writeHead(200, { ...(etag ? { etag } : {}), 'content-length': CONTENT.length });
  response.write(beginning);
  breakWhen = { receivedBytes: beginning.length, response };
}

const BEGINNING = CONTENT.subarray(0, 100_000);

async function expectWhole(): Promise<void> {
  expect((await readFile(target)).equals(CONTENT)).toBe(true);
  expect(await readdir(join(folder, 'new'))).toEqual(['file.bin']);
}

describe('downloadFile', () => {
  it('writes the verified file and reports progress up to its size', async () => {
    const { url } = await startServer((request, response) => serve(request, response));
    const seen: DownloadProgress[] = [];
    const content = await download([url], { onProgress: (progress) => seen.push(progress) });
    expect(Buffer.from(content).equals(CONTENT)).toBe(true);
    await expectWhole();
    expect(seen[0]).toEqual({ file: 'file.bin', receivedBytes: 0, totalBytes: CONTENT.length });
    expect(seen.at(-1)?.receivedBytes).toBe(CONTENT.length);
  });

  it('goes on where the connection broke', async () => {
    const { url, requests } = await startServer((request, response) => {
      if (request.headers.range === undefined) breakOff(response, BEGINNING, ETAG);
      else serve(request, response);
    });
    await download([url]);
    await expectWhole();
    expect(requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=100000-']);
    expect(requests[1]?.headers['if-range']).toBe(ETAG);
  });

  it('goes on with what an earlier run left', async () => {
    let down = true;
    const { url, requests } = await startServer((request, response) => {
      if (!down) serve(request, response);
      else if (request.headers.range === undefined) breakOff(response, BEGINNING, ETAG);
      else response.destroy();
    });
    await expect(download([url])).rejects.toMatchObject({ code: 'download_failed' });
    expect(existsSync(target)).toBe(false);
    expect(existsSync(`${target}.part`)).toBe(true);
    down = false;
    await download([url]);
    await expectWhole();
    expect(requests.at(-1)?.headers.range).toBe('bytes=100000-');
  });

  it('begins anew at a server that knows no ranges', async () => {
    let broken = false;
    const { url } = await startServer((_, response) => {
      if (broken) response.writeHead(200, { 'content-length': CONTENT.length }).end(CONTENT);
      else breakOff(response, BEGINNING, ETAG);
      broken = true;
    });
    await download([url]);
    await expectWhole();
  });

  it('begins anew when the file has changed meanwhile', async () => {
    let first = true;
    const { url } = await startServer((request, response) => {
      if (!first) return serve(request, response, CONTENT, '"v2"');
      first = false;
      breakOff(response, Buffer.alloc(50_000, 7), '"v1"');
    });
    await download([url]);
    await expectWhole();
  });

  it('begins anew when two answers do not fit together and nothing told so', async () => {
    let first = true;
    const { url, requests } = await startServer((request, response) => {
      if (!first) return serve(request, response);
      first = false;
      breakOff(response, Buffer.alloc(50_000, 7));
    });
    await download([url]);
    await expectWhole();
    expect(requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=50000-', undefined]);
  });

  it('begins anew when the rest that it asks for does not exist', async () => {
    let requestCount = 0;
    const { url } = await startServer((request, response) => {
      requestCount++;
      if (requestCount === 1) breakOff(response, BEGINNING, ETAG);
      else if (requestCount === 2) response.writeHead(416, { 'content-range': 'bytes */10' }).end();
      else serve(request, response);
    });
    await download([url]);
    await expectWhole();
  });

  it('does not join the parts of two servers', async () => {
    const first = await startServer((request, response) => {
      if (request.headers.range === undefined) breakOff(response, BEGINNING, ETAG);
      else response.writeHead(500).end();
    });
    const second = await startServer((request, response) => serve(request, response));
    await download([first.url, second.url]);
    await expectWhole();
    expect(second.requests[0]?.headers.range).toBeUndefined();
  });

  it('asks the next server after one that fails, and lists every reason when all fail', async () => {
    const missing = await startServer((_, response) => response.writeHead(404).end('no'));
    const wrong = await startServer((_, response) => response.end('<html>log in first</html>'));
    const silent = await startServer(() => {});
    const stalling = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': CONTENT.length });
      response.write(CONTENT.subarray(0, 10));
    });
    const breaking = await startServer((_, response) => breakOff(response, CONTENT.subarray(0, 1000)));
    const refused = `http://127.0.0.1:${await unusedPort()}/`;
    const bad = [missing.url, wrong.url, silent.url, stalling.url, breaking.url, refused];
    const error: unknown = await download(bad, { stallTimeoutMs: 500 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'download_failed' });
    const message = error instanceof Error ? error.message : '';
    expect(message).toContain(`${missing.url}: HTTP 404 Not Found`);
    expect(message).toContain(`${wrong.url}: ${wrong.url}: wrong content`);
    expect(message).toContain(`${silent.url}: nothing came for 0.5 s`);
    expect(message).toMatch(new RegExp(`${stalling.url}: (broke off .*)?nothing came for 0.5 s`));
    expect(message).toContain(`${breaking.url}: broke off after 1000 of 300000 bytes, `);
    expect(message).toContain(`${refused}: connect ECONNREFUSED`);

    const good = await startServer((request, response) => serve(request, response));
    await download([...bad, good.url], { stallTimeoutMs: 500 });
    await expectWhole();
  });

  it('stops when told to and keeps what came', async () => {
    const abort = new AbortController();
    const { url } = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': CONTENT.length });
      response.write(CONTENT.subarray(0, 1000));
    });
    const reason = new Error('enough');
    const onProgress = ({ receivedBytes }: DownloadProgress): void => {
      if (receivedBytes === 1000) abort.abort(reason);
    };
    await expect(download([url], { signal: abort.signal, onProgress })).rejects.toBe(reason);
    expect((await readFile(`${target}.part`)).length).toBe(1000);
  });

  it('says so when the folder cannot be written', async () => {
    await writeFile(join(folder, 'new'), 'a file where the folder should be');
    await expect(download(['http://127.0.0.1:9/'])).rejects.toMatchObject({
      code: 'write_failed',
      message: `Cannot write ${target}: what should be its folder is a file.`,
    });
  });

  it('gives up a server that announces or sends more than the file can have, and keeps nothing of it', async () => {
    const more = Buffer.concat([CONTENT, Buffer.of(0)]);
    const announcing = await startServer((request, response) => serve(request, response, more));
    // No end of it, and no length.
    let sentBytes = 0;
    const endless = await startServer((_, response) => {
      const send = (): void => {
        while (!response.destroyed && response.write(CONTENT)) sentBytes += CONTENT.length;
      };
      response.on('drain', send);
      send();
    });
    const urls = [announcing.url, endless.url];
    await expect(download(urls)).rejects.toMatchObject({
      code: 'download_failed',
      message: expect.stringMatching(
        /: announces 300001 bytes; expected at most 300000\n.*: sent more than 300000 bytes, the most that was/,
      ),
    });
    expect(endless.requests).toHaveLength(1);
    // What the connection holds beside what was taken.
    expect(sentBytes).toBeLessThan(20_000_000);
    expect(await readdir(join(folder, 'new'))).toEqual([]);
    const good = await startServer((request, response) => serve(request, response));
    await download([...urls, good.url]);
    await expectWhole();
  });

  it('takes no byte too many, where nothing was announced', async () => {
    let more = 1;
    const { url } = await startServer((_, response) => {
      response.writeHead(200);
      response.write(CONTENT);
      response.end(Buffer.alloc(more));
    });
    await expect(download([url])).rejects.toThrow('sent more than 300000 bytes');
    more = 0;
    await download([url]);
    await expectWhole();
  });

  it('gives up the rest of a file that comes to more than it can have', async () => {
    const { url } = await startServer((request, response) => {
      if (request.headers.range === undefined) return breakOff(response, BEGINNING, ETAG);
      response.writeHead(206, { etag: ETAG, 'content-range': 'bytes 100000-399999/400000' });
      response.end(CONTENT);
    });
    await expect(download([url])).rejects.toThrow('sent more than 300000 bytes');
    expect(await readdir(join(folder, 'new'))).toEqual([]);
  });

  it('blames no server for a full disk, asks no other, and goes on when there is room', async ({ skip }) => {
    const disk = mountSmallDisk(join(folder, 'new'), '128k');
    if (!disk) return skip('mounting a small disk takes root');
    try {
      const first = await startServer((request, response) => serve(request, response));
      const second = await startServer((request, response) => serve(request, response));
      await expect(download([first.url, second.url])).rejects.toMatchObject({
        code: 'write_failed',
        message: `Cannot write ${target}: the disk is full. Make room there.`,
      });
      expect(second.requests).toHaveLength(0);
      expect(existsSync(target)).toBe(false);
      disk.grow();
      await download([first.url]);
      await expectWhole();
    } finally {
      disk.unmount();
    }
  });
});
