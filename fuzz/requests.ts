import { pick, wholeBetween, type Random } from '../src/random.js';
import { randomStream } from '../src/random-streams.js';
import { mutate, someBytes } from './bytes.js';
import { someImage, type Corpus } from './images.js';
import { inferenceRequest, predictRequest } from './inference-requests.js';
import { goodNumberRequest, numberRequest } from './number-requests.js';
import {
  CLASSIFY,
  JSON_TYPE,
  jsonOf,
  list,
  message,
  post,
  READ,
  type Field,
  type FuzzRequest,
  type Part,
} from './messages.js';

/** Values that no image is, as JSON has them. */
const STRANGE_VALUES = [
  '1e999',
  '-0',
  '1e-400',
  '9'.repeat(400),
  '0x10',
  'NaN',
  'null',
  'true',
  '[]',
  '{}',
] as const;

/** How often each kind comes, in relation to the others. */
const KINDS: readonly (readonly [
  kind: string,
  weight: number,
  make: (random: Random, corpus: Corpus) => Part,
])[] = [
  ['good', 3, goodRequest],
  ['a good number', 1, goodNumberRequest],
  ['a number', 6, numberRequest],
  ['images in JSON', 35, imagesInJson],
  ['an image alone', 12, imageAlone],
  ['a form', 12, form],
  ['a form with mutations', 6, mutatedForm],
  ['base64', 8, base64],
  ['JSON', 10, json],
  ['a JSON tree', 6, jsonTree],
  ['an inference', 12, inferenceRequest],
  ['a prediction', 3, predictRequest],
  ['a query', 4, query],
  ['a path or method', 4, pathOrMethod],
  ['headers', 5, headers],
  ['a length', 3, wrongLength],
  ['HTTP', 4, mutatedHttp],
  ['a bomb', 0.04, bomb],
];
/** How many clients leave before their answer: more of those whose picture keeps the decoder busy. */
const LEAVING_SHARE = 0.05;
const LEAVING_SHARE_OF_BOMBS = 0.5;
const LONGEST_STAY_MS = 20;

const TOTAL_WEIGHT = KINDS.reduce((sum, [, weight]) => sum + weight, 0);

/** The request of this number; the same for the same seed. */
export function makeRequest(seed: number, index: number, corpus: Corpus): FuzzRequest {
  const random = randomStream('fuzzing', seed, index);
  let left = random() * TOTAL_WEIGHT;
  const [kind, , make] = KINDS.find(([, weight]) => (left -= weight) < 0) ?? KINDS[0]!;
  const part = make(random, corpus);
  const leaves = random() < (make === bomb ? LEAVING_SHARE_OF_BOMBS : LEAVING_SHARE);
  return leaves ? leavingEarly(kind, part, random) : { kind, ...part, leavesAfterMs: null };
}

/** The same from a client that leaves, half of the time in the middle of what it sends. */
function leavingEarly(kind: string, part: Part, random: Random): FuzzRequest {
  const { length } = part.bytes;
  const sent = random() < 0.5 ? length : wholeBetween(random, 0, length);
  const leavesAfterMs = wholeBetween(random, 0, LONGEST_STAY_MS);
  return { kind, ...part, bytes: part.bytes.subarray(0, sent), leavesAfterMs };
}

/** A good request with one image. */
export function requestOf(image: Buffer): FuzzRequest {
  return { kind: 'good', ...post('image/png', image, 1), isGood: true, leavesAfterMs: null };
}

function goodRequest(random: Random, { good }: Corpus): Part {
  const images = list(random, 4, () => pick(random, good));
  const path = `${CLASSIFY}${pick(random, ['', '?detail=full', '?normalize=never', '?normalize=always&detail=full'])}`;
  return { ...post(JSON_TYPE, jsonOf(images), images.length, path), isGood: true };
}

function imagesInJson(random: Random, corpus: Corpus): Part {
  const images = list(random, 3, () => someImage(corpus, random));
  return post(
    JSON_TYPE,
    jsonOf(images),
    images.length,
    random() < 0.2 ? `${CLASSIFY}?detail=full` : CLASSIFY,
  );
}

function imageAlone(random: Random, corpus: Corpus): Part {
  return post(
    pick(random, ['image/png', 'image/jpeg', 'image/*', 'IMAGE/x; a=b']),
    someImage(corpus, random),
    1,
  );
}

const BOUNDARY = 'boundary';

function formBody(random: Random, corpus: Corpus): { body: Buffer; files: number } {
  let files = 0;
  const parts = list(random, 4, (i) => {
    const isFile = random() < 0.8;
    if (isFile) files += 1;
    const name = isFile ? `name="f${i}"; filename="${i}.png"\r\ncontent-type: image/png` : `name="f${i}"`;
    const content = random() < 0.5 ? pick(random, corpus.good) : someImage(corpus, random);
    return Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; ${name}\r\n\r\n`),
      isFile ? content : Buffer.from('text'),
      Buffer.from('\r\n'),
    ]);
  });
  return { body: Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]), files };
}

function form(random: Random, corpus: Corpus): Part {
  const { body, files } = formBody(random, corpus);
  // A picture may hold the boundary only by a miracle.
  return post(`multipart/form-data; boundary=${BOUNDARY}`, body, files === 0 ? null : files);
}

function mutatedForm(random: Random, corpus: Corpus): Part {
  const { body } = formBody(random, corpus);
  const type = pick(random, [
    `multipart/form-data; boundary=${BOUNDARY}`,
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary="${'b'.repeat(300)}"`,
    `multipart/mixed; boundary=${BOUNDARY}`,
  ]);
  const flood = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="a"\r\n\r\nx\r\n`.repeat(
    wholeBetween(random, 90, 300),
  );
  return post(type, random() < 0.1 ? flood : mutate(body, random));
}

function base64(random: Random, { good }: Corpus): Part {
  const text = pick(random, good).toString(pick(random, ['base64', 'base64url']));
  const image = pick(random, [
    mutate(Buffer.from(text), random).toString('latin1'),
    `data:image/png;base64,${text}`,
    `data:${'x'.repeat(wholeBetween(random, 0, 400))};base64,${text}`,
    `${text}${'='.repeat(wholeBetween(random, 0, 4))}`,
    text.slice(0, wholeBetween(random, 0, 9)),
    text.replaceAll('A', pick(random, [' ', '\n', 'Ａ', '\0', '%41', '='])),
  ]);
  return post(JSON_TYPE, JSON.stringify({ requests: [{ image }] }), 1);
}

function json(random: Random, { good }: Corpus): Part {
  const image = good[0].toString('base64');
  const item = `{"image":"${image}"}`;
  const depth = wholeBetween(random, 1, 60_000);
  const text = pick<Buffer | string>(random, [
    mutate(Buffer.from(`{"requests":[${item},${item}]}`), random),
    `{"requests":[${item}],"__proto__":{"image":1}}`,
    `{"requests":[{"image":"${image}","\\u005f_proto__":{}}]}`,
    `{"constructor":{"prototype":{"a":1}},"requests":[${item}]}`,
    `{"requests":[${item}],"requests":[]}`,
    `{"requests":[{"image":"","image":"${image}"}]}`,
    `{"requests":${'['.repeat(depth)}${']'.repeat(random() < 0.5 ? depth : 0)}}`,
    `${'{"requests":'.repeat(wholeBetween(random, 1, 5_000))}1${'}'.repeat(5_000)}`,
    `{"requests":[${Array.from({ length: wholeBetween(random, 60, 5_000) }, () => '{"image":""}').join()}]}`,
    `{"requests":[{"image":${pick(random, STRANGE_VALUES)}}]}`,
    `\ufeff{"requests":[${item}]}`,
    `{"requests":[{"image":"\\ud800\\u0000"}]} ${' '.repeat(depth)}`,
    pick(random, [
      '',
      ' ',
      'null',
      '[]',
      '"text"',
      '1',
      '{}',
      '{"requests":null}',
      '{"requests":{}}',
      '{"requests":[null,1,"a",[]]}',
    ]),
    Buffer.concat([Buffer.from('{"requests":[{"image":"'), someBytes(random, 40), Buffer.from('"}]}')]),
  ]);
  const type = pick(random, [
    JSON_TYPE,
    JSON_TYPE,
    JSON_TYPE,
    `${JSON_TYPE}; charset=utf-16`,
    'text/json',
    'Application/JSON;',
  ]);
  return post(type, text);
}

/** Any JSON at all, with the right names here and there. */
function jsonTree(random: Random, { good }: Corpus): Part {
  const grow = (depth: number): unknown => {
    const step = random();
    if (depth > 6 || step < 0.3) {
      return pick<unknown>(random, [good[0].toString('base64'), '', 'text', 0, -1, 1e300, true, false, null]);
    }
    if (step < 0.6) return list(random, 4, () => grow(depth + 1));
    const names = ['requests', 'image', 'toString', 'length', 'constructor', '0', ''] as const;
    return Object.fromEntries(list(random, 3, () => [pick(random, names), grow(depth + 1)]));
  };
  return post(JSON_TYPE, JSON.stringify(random() < 0.7 ? { requests: grow(1) } : grow(0)));
}

function query(random: Random, { good }: Corpus): Part {
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

function pathOrMethod(random: Random): Part {
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

function headers(random: Random, { good }: Corpus): Part {
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
function wrongLength(random: Random, { good }: Corpus): Part {
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

function mutatedHttp(random: Random, corpus: Corpus): Part {
  const { bytes } = goodRequest(random, { ...corpus, good: [corpus.good[0]] });
  const end = bytes.indexOf('\r\n\r\n') + 4;
  const mutated = Buffer.concat([mutate(bytes.subarray(0, end), random), bytes.subarray(end)]);
  return { bytes: mutated, images: null, isGood: false, isCut: true };
}

function bomb(random: Random, { bombs }: Corpus): Part {
  const image = pick(random, bombs);
  const path = random() < 0.2 ? READ : CLASSIFY;
  return random() < 0.5 ? post('image/png', image, 1, path) : post(JSON_TYPE, jsonOf([image]), 1, path);
}
