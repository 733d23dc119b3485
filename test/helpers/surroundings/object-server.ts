import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHash } from 'node:crypto';
import { startServer, type LocalServer } from '../../data/download/local-server.js';

/** A small store of objects that answers as S3 does: lists in pages, ranges, `If-Match`. */
export interface ObjectServer extends Omit<LocalServer, 'requests'> {
  readonly objects: Map<string, Uint8Array>;
  /** Method, path and `Authorization` of each request. */
  readonly requests: { readonly line: string; readonly signature: string | undefined }[];
}

export interface ObjectServerSettings {
  readonly pageSize?: number;
  /** Answers in place of the store; `false` leaves it to the store. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse, number: number) => boolean;
}

/** @param objects by `bucket/key` */
export async function startObjectServer(
  objects: Readonly<Record<string, Uint8Array>>,
  { pageSize = 2, intercept = () => false }: ObjectServerSettings = {},
): Promise<ObjectServer> {
  const stored = new Map(Object.entries(objects));
  const requests: { line: string; signature: string | undefined }[] = [];
  const server = await startServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://store');
    requests.push({ line: `${request.method} ${url.pathname}`, signature: request.headers.authorization });
    if (intercept(request, response, requests.length)) return;
    const path = decodeURIComponent(url.pathname.slice(1));
    if (url.searchParams.has('list-type')) {
      response.end(listing(stored, path, url.searchParams, pageSize));
      return;
    }
    const bytes = stored.get(path);
    if (!bytes) {
      response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      return;
    }
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    if (request.headers['if-match'] && request.headers['if-match'] !== etag) {
      response.writeHead(412).end();
      return;
    }
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const part = from === undefined ? bytes : bytes.subarray(Number(from), to ? Number(to) + 1 : undefined);
    response.writeHead(from === undefined ? 200 : 206, { etag, 'content-length': part.length });
    response.end(request.method === 'HEAD' ? undefined : part);
  });
  return { ...server, objects: stored, requests };
}

function listing(
  objects: ReadonlyMap<string, Uint8Array>,
  bucket: string,
  query: URLSearchParams,
  pageSize: number,
): string {
  const prefix = `${bucket}/${query.get('prefix') ?? ''}`;
  const after = query.get('continuation-token') ?? '';
  const paths = [...objects.keys()].filter((path) => path.startsWith(prefix) && path > after).toSorted();
  const page = paths.slice(0, pageSize);
  const contents = page.map((path) => {
    const key = encodeURIComponent(path.slice(bucket.length + 1))
      .replaceAll('%2F', '/')
      .replaceAll('%20', '+');
    return `<Contents><Key>${key}</Key><Size>${objects.get(path)?.length ?? 0}</Size></Contents>`;
  });
  const next =
    paths.length > page.length ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  return `<?xml version="1.0"?><ListBucketResult>${contents.join('')}${next}</ListBucketResult>`;
}
