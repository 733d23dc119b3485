import type { FastifyInstance } from 'fastify';
import { readImageSyncIfSmall } from '../../../src/image/read-image.js';
import { OPEN_ACCESS } from '../../../src/server/security/access.js';
import { buildApp, type AppDeps } from '../../../src/server/app.js';
import { DEFAULT_LIMITS, type Limits } from '../../../src/server/limits.js';
import type { PageFile } from '../../../src/server/routes/page-files.js';
import { Readiness } from '../../../src/server/readiness.js';
import { fakeCard, fakeClassifier } from '../models/fake-classifier.js';
import { encodePng } from '../data/digits.js';

export const TEST_LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  maxBatch: 8,
  maxPixels: 10_000,
  maxBodyBytes: 1024 * 1024,
  maxHeldBytes: 4 * 1024 * 1024,
  maxConnections: 10_000,
  maxQueue: 500,
};

/** A page of two files. */
const TEST_PAGE: readonly PageFile[] = [
  {
    path: '/index.html',
    contentType: 'text/html; charset=utf-8',
    body: Buffer.from('<p>'),
    etag: '"a"',
    encoded: [],
  },
  {
    path: '/page.js',
    contentType: 'text/javascript; charset=utf-8',
    body: Buffer.from('0'),
    etag: '"b"',
    encoded: [],
  },
];

/** The service as it ships, but for a classifier that needs no model. */
export function buildTestApp(
  changes: Partial<Omit<AppDeps, 'limits'>> & { limits?: Partial<Limits> } = {},
): Promise<FastifyInstance> {
  const readiness = new Readiness();
  readiness.markReady();
  return buildApp({
    classifier: fakeClassifier(),
    card: fakeCard(),
    // The fake classifier reads single pixels.
    readImage: (bytes, options) => readImageSyncIfSmall(bytes, { ...options, normalize: 'never' }),
    readiness,
    version: '1.2.3',
    page: TEST_PAGE,
    logger: { level: 'silent' },
    access: OPEN_ACCESS,
    ...changes,
    limits: { ...TEST_LIMITS, ...changes.limits },
  });
}

/** A 28x28 PNG that `fakeClassifier` and the tiny model take for this digit. */
export function pngOfDigit(digit: number): Promise<Buffer> {
  const data = new Uint8Array(28 * 28);
  data[digit] = 250;
  data[0] = digit === 0 ? 250 : digit;
  return encodePng({ width: 28, height: 28, channels: 1, data });
}

export async function base64OfDigit(digit: number): Promise<string> {
  return (await pngOfDigit(digit)).toString('base64');
}

/** A multipart body; a part without a file name is a plain field. */
export function formOf(parts: readonly { name: string; filename?: string; content: Uint8Array | string }[]): {
  payload: Buffer;
  headers: Record<string, string>;
} {
  const boundary = 'inkdigit-test-boundary';
  const chunks = parts.flatMap(({ name, filename, content }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"` +
        `${filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: image/png`}\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
  return {
    payload: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}
