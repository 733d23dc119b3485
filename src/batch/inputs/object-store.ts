import { AwsClient } from 'aws4fetch';
import { retryDelayMs, sleep, type RetryPolicy } from '../../client/retry.js';
import { InkdigitError, messageOf } from '../../errors.js';
import type { ByteSource } from './byte-source.js';

/** Where objects are, and who asks: the variables that the tools of AWS have. */
type Environment = Readonly<Record<string, string | undefined>>;

const POLICY: RetryPolicy = { retries: 6, firstDelayMs: 200, maxDelayMs: 10_000 };

/** An object as `s3://bucket/key`. */
export interface ObjectAddress {
  readonly bucket: string;
  /** May be empty, or end in `/`, where it begins the keys of several objects. */
  readonly key: string;
}

export function isS3Address(path: string): boolean {
  return path.startsWith('s3://');
}

/** @throws InkdigitError `invalid_option` */
export function parseS3Address(path: string): ObjectAddress {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(path) ?? [];
  if (bucket !== undefined) return { bucket, key };
  throw new InkdigitError('invalid_option', `Expected an address as s3://bucket/key, got ${path}.`);
}

/** An object that a listing has. */
export interface ListedObject {
  readonly path: string;
  readonly size: number;
}

/**
 * Objects of any store that speaks S3. `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` names another than Amazon's; keys
 * and region come from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` and `AWS_REGION`. Without
 * keys requests are not signed.
 */
export class ObjectStore {
  readonly #endpoint: string;
  readonly #aws: AwsClient | undefined;
  readonly #policy: RetryPolicy;

  constructor(env: Environment, policy = POLICY) {
    const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1';
    const endpoint = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'];
    this.#endpoint = (endpoint || `https://s3.${region}.amazonaws.com`).replace(/\/+$/, '');
    const [accessKeyId, secretAccessKey] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']];
    const sessionToken = env['AWS_SESSION_TOKEN'];
    this.#aws =
      accessKeyId && secretAccessKey
        ? new AwsClient({
            accessKeyId,
            secretAccessKey,
            ...(sessionToken && { sessionToken }),
            service: 's3',
            region,
            // Retried here, bodies that break off too.
            retries: 0,
          })
        : undefined;
    this.#policy = policy;
  }

  /** The whole object. @throws InkdigitError `missing_file` or `download_failed` */
  async get(path: string, maxBytes: number): Promise<Uint8Array> {
    return this.#ask(path, {}, async (response) => {
      const length = Number(response.headers.get('content-length') ?? 0);
      if (length > maxBytes) {
        await response.body?.cancel();
        throw new InkdigitError('invalid_data', `it has ${length} bytes, more than any image that is read`);
      }
      return new Uint8Array(await response.arrayBuffer());
    });
  }

  /** @throws InkdigitError `missing_file` or `download_failed` */
  async open(path: string): Promise<ByteSource> {
    const { size, etag } = await this.#ask(path, { method: 'HEAD' }, async ({ headers }) => ({
      size: Number(headers.get('content-length') ?? 0),
      etag: headers.get('etag') ?? '',
    }));
    // Nothing is joined from two versions of an object.
    const same: Record<string, string> = etag ? { 'if-match': etag } : {};
    const read = (from: number, to: number): Promise<Uint8Array> =>
      to <= from
        ? Promise.resolve(new Uint8Array())
        : this.#ask(
            path,
            { headers: { ...same, range: `bytes=${from}-${to - 1}` } },
            async (response) => new Uint8Array(await response.arrayBuffer()),
          );
    const ask = this.#ask.bind(this);
    async function* stream(from = 0): AsyncGenerator<Uint8Array> {
      // A connection that breaks off is taken up where it ended.
      for (let at = from, failures = 0; at < size;) {
        const headers = { ...same, range: `bytes=${at}-` };
        const body = await ask(path, { headers }, async (response) => response.body);
        try {
          for await (const piece of body ?? []) {
            at += piece.length;
            failures = 0;
            yield piece;
          }
        } catch (cause) {
          if (cause instanceof InkdigitError || ++failures > POLICY.retries) throw cause;
          continue;
        }
        if (at < size && ++failures > POLICY.retries) throw unreachable(path, 'it ends too early');
      }
    }
    return { path, size, stamp: `${size} bytes, ETag ${etag}`, isFile: false, read, stream };
  }

  /** The objects whose keys begin as an address says, a page at a time. */
  async *list(prefix: string): AsyncGenerator<ListedObject> {
    const { bucket, key } = parseS3Address(prefix);
    for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
      const query = new URLSearchParams({ 'list-type': '2', prefix: key, 'encoding-type': 'url' });
      if (token !== undefined) query.set('continuation-token', token);
      const page = await this.#ask(`s3://${bucket}`, { query }, (response) => response.text());
      for (const [, content = ''] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        const found = decodeURIComponent(elementOf(content, 'Key').replaceAll('+', '%20'));
        // Consoles make an empty object for what they show as a folder.
        if (!found.endsWith('/')) {
          yield { path: `s3://${bucket}/${found}`, size: Number(elementOf(content, 'Size')) };
        }
      }
      token = elementOf(page, 'NextContinuationToken') || undefined;
    }
  }

  async #ask<T>(
    path: string,
    { query, ...init }: { method?: string; headers?: Record<string, string>; query?: URLSearchParams },
    take: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { bucket, key } = parseS3Address(path);
    const place = [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
    const url = `${this.#endpoint}/${query ? `${encodeURIComponent(bucket)}?${query.toString()}` : place}`;
    for (let attempt = 0; ; attempt++) {
      let failure: InkdigitError;
      let retryAfter: string | null = null;
      try {
        const response = await (this.#aws ? this.#aws.fetch(url, init) : fetch(url, init));
        if (response.ok) return await take(response);
        await response.body?.cancel();
        failure = refusalOf(path, response);
        retryAfter = response.headers.get('retry-after');
      } catch (thrown) {
        if (thrown instanceof InkdigitError) throw thrown;
        failure = unreachable(path, reasonOf(thrown), thrown);
      }
      const delayMs = retryDelayMs(this.#policy, attempt, retryAfter, Date.now(), Math.random());
      if (failure.code !== 'download_failed' || delayMs === null) throw failure;
      await sleep(delayMs);
    }
  }
}

/** The text of the first element of a name. Names are encoded as in addresses, so that there are no entities. */
function elementOf(xml: string, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';
  return text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

function refusalOf(path: string, { status, statusText }: Response): InkdigitError {
  if (status === 429 || status >= 500) return unreachable(path, `HTTP ${status} ${statusText}`.trim());
  const reasons: Readonly<Record<number, string>> = {
    403: 'access is denied. Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION',
    404: 'there is no such bucket or object',
    412: 'it has changed since it was looked at',
  };
  const reason = reasons[status] ?? `HTTP ${status} ${statusText}`.trim();
  return new InkdigitError('missing_file', `Cannot read ${path}: ${reason}.`);
}

function unreachable(path: string, reason: string, cause?: unknown): InkdigitError {
  return new InkdigitError('download_failed', `Cannot read ${path}: ${reason}.`, { cause });
}

/** `fetch` hides the reason in the cause of its error. */
function reasonOf(thrown: unknown): string {
  return thrown instanceof TypeError && thrown.cause instanceof Error
    ? thrown.cause.message || messageOf(thrown)
    : messageOf(thrown);
}
