import { pick, wholeBetween, type Random } from '../src/random.js';
import { mutate, someBytes } from './bytes.js';
import { goodRequest } from './image-requests.js';
import type { Corpus } from './images.js';
import { CLASSIFY, JSON_TYPE, list, message, post, READ, type Field, type Part } from './messages.js';

// Requests that are wrong around their body: path, method, headers, length, and HTTP itself.

/** A query that is wrong or odd. */
export function query(random: Random, { good }: Corpus): Part {
  const text = pick(random, [
    'detail=none',
    'detail=full&detail=full',
    'detail[]=full',
    'normalize=',
    'normalize=auto&normalize=never',
    '__proto__=1&constructor=2&detail=full',
    `${'a'.repeat(wholeBetween(random, 1, 12_000))}=1`,
    'a=1&'.repeat(wholeBetween(random, 1, 3_000)),
    `detail=%${someBytes(random, 2).toString('hex')}`,
    mutate(Buffer.from('detail=full&normalize=always'), random).toString('hex').replaceAll(/../g, '%$&'),
  ]);
  return post('image/png', good[0], 1, `${CLASSIFY}?${text}`);
}

/** A path or a method that is not there, or none at all. */
export function pathOrMethod(random: Random): Part {
  const method = pick(random, [
    'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'QUERY',
    'M-SEARCH', 'get', 'NONSENSE', 'PRI',
  ]); // prettier-ignore
  const path = pick(random, [
    '/', '/livez', '/readyz', '/model', '/index.html', '/page.js', CLASSIFY, `${CLASSIFY}/`, READ,
    `${READ}/`, '//',
    '/../../etc/passwd', '/%2e%2e/%00', '/%zz',
    '*', 'http://a/livez', 'a:1', '/mnist%2fclassify', '/MODEL', `/${'a/'.repeat(wholeBetween(random, 1, 5_000))}`,
    '/?', '/#',
    `/${mutate(Buffer.from('mnist/classify'), random).toString('base64url')}`,
  ]); // prettier-ignore
  const accept = pick(random, ['*/*', 'text/html', 'application/xml;q=2,,', '']);
  const body = Buffer.alloc(random() < 0.2 ? 20 : 0, 'x');
  return {
    bytes: message(method, path, [['accept', accept]], body),
    images: null,
    isGood: false,
    isCut: false,
  };
}

/** Headers that are wrong, odd or many. */
export function headers(random: Random, { good }: Corpus): Part {
  const flood = list<Field>(random, 400, (i) => [`x-${i}`, 'y'.repeat(wholeBetween(random, 0, 60))]);
  const odd = pick<readonly Field[]>(random, [
    flood,
    [['x', 'y'.repeat(wholeBetween(random, 1, 40_000))]],
    [['content-type', '']],
    [['content-type', 'text/plain']],
    [['content-type', 'image/png'], ['content-type', JSON_TYPE]],
    [['content-type', `image/${'x'.repeat(5_000)}`]],
    [['content-encoding', pick(random, ['gzip', 'br', 'identity', 'IDENTITY', 'x, y'])]],
    [['expect', pick(random, ['100-continue', '200-ok', ''])]],
    [['upgrade', 'h2c'], ['connection', 'upgrade']],
    [['connection', pick(random, ['close', 'keep-alive', 'content-length', ''])]],
    [['transfer-encoding', pick(random, ['chunked', 'gzip, chunked', 'identity', 'xchunked'])]],
    [['content-length', pick(random, ['0', '-1', '+5', '5, 5', '0x10', '99999999999999999999', ''])]],
    [['host', 'b'], ['host', '']],
    [['if-none-match', '*'.repeat(wholeBetween(random, 1, 3_000))]],
    [['range', 'bytes=0-1,1-2'], ['accept-encoding', '*;q=NaN']],
    [['x-forwarded-for', '\x01'], ['cookie', 'a'.repeat(4_000)]],
    [['authorization', 'Bearer'], ['x-api-key', '\xff']],
    [['origin', 'null'], ['access-control-request-method', 'POST']],
  ]); // prettier-ignore
  const bytes = message('POST', CLASSIFY, [['content-type', 'image/png'], ...odd], good[0]);
  return { bytes, images: 1, isGood: false, isCut: false };
}

/** A body that is longer or shorter than it says, whole or in chunks. */
export function wrongLength(random: Random, { good }: Corpus): Part {
  const body = good[0];
  const isChunked = random() < 0.5;
  const size = Math.max(0, body.length + wholeBetween(random, -40, 40));
  const length = isChunked ? 'transfer-encoding: chunked' : `content-length: ${size}`;
  const head = `POST ${CLASSIFY} HTTP/1.1\r\nhost: a\r\ncontent-type: image/png\r\n${length}\r\n\r\n`;
  const chunk = `${size.toString(16)}${random() < 0.2 ? `;${'x'.repeat(wholeBetween(random, 1, 30_000))}` : ''}\r\n`;
  const pieces = isChunked ? [head, chunk, body, '\r\n0\r\n\r\n'] : [head, body];
  return {
    bytes: Buffer.concat(pieces.map((piece) => Buffer.from(piece))),
    images: null,
    isGood: false,
    isCut: true,
  };
}

/** A request whose head was changed here and there. */
export function mutatedHttp(random: Random, corpus: Corpus): Part {
  const { bytes } = goodRequest(random, { ...corpus, good: [corpus.good[0]] });
  const end = bytes.indexOf('\r\n\r\n') + 4;
  const mutated = Buffer.concat([mutate(bytes.subarray(0, end), random), bytes.subarray(end)]);
  return { bytes: mutated, images: null, isGood: false, isCut: true };
}
