import fc from 'fast-check';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { contentOf } from '../../../src/image/picture.js';
import { InkdigitError } from '../../../src/errors.js';
import { FRAME_PIXELS } from '../../../src/image/frame.js';
import { encodePng } from '../../helpers/data/digits.js';
import { fakeClassifier } from '../../helpers/models/fake-classifier.js';
import {
  base64OfDigit,
  buildTestApp,
  formOf,
  pngOfDigit,
  TEST_LIMITS,
} from '../../helpers/programs/test-app.js';

let app: FastifyInstance;
let goodImage: string;
let hugeImage: string;
beforeAll(async () => {
  app = await buildTestApp();
  goodImage = await base64OfDigit(1);
  const data = new Uint8Array(200 * 200);
  hugeImage = (await encodePng({ width: 200, height: 200, channels: 1, data })).toString('base64');
});
afterAll(() => app.close());

const JSON_TYPE = { 'content-type': 'application/json' };

function post(options: Omit<InjectOptions, 'method'>): Promise<LightMyRequestResponse> {
  return app.inject({ method: 'POST', url: '/mnist/classify', ...options });
}

function postText(payload: string): Promise<LightMyRequestResponse> {
  return post({ headers: JSON_TYPE, payload });
}

function postImages(...images: unknown[]): Promise<LightMyRequestResponse> {
  return postText(JSON.stringify({ requests: images.map((image) => ({ image })) }));
}

interface ErrorBody {
  message: string;
  code: string;
  errors: { index: number; message: string }[];
}

/** Checks the form that every error has, and gives its body. */
function errorOf(response: LightMyRequestResponse, status: number, code: string): ErrorBody {
  const body = response.json<ErrorBody>();
  expect(body).toMatchObject({ code });
  expect(response.statusCode).toBe(status);
  expect(Object.keys(body)).toEqual(['message', 'code', 'errors']);
  expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(body.message).not.toBe('');
  return body;
}

describe('a body that is no request', () => {
  it.each(['', '  ', '{', '{"requests":[}', 'nonsense', '{"requests":[]} x'])('refuses %j', async (text) => {
    errorOf(await postText(text), 400, 'malformed_json');
  });

  it('says where the JSON ends', async () => {
    const { message } = errorOf(await postText('{"requests": nonsense}'), 400, 'malformed_json');
    expect(message).toMatch(/not JSON: Unexpected token/);
  });

  it.each([
    '{"__proto__":{"requests":[]}}',
    '{"_\\u005fproto__" : {"requests":[]}}',
    '{"requests":[],"constructor":{"prototype":{"a":1}}}',
    '{"requests":[],"\\u0063onstructor":{"prototype":{"a":1}}}',
  ])('refuses %j', async (text) => {
    errorOf(await postText(text), 400, 'malformed_json');
    expect({}).not.toHaveProperty('requests');
  });

  it.each([
    ['a mark of the byte order', '\ufeff{"requests":[]}'],
    ['escaped slashes', '{"requests":[],"of":"a\\/b"}'],
    ['a member "constructor" that does no harm', '{"requests":[],"constructor":1}'],
  ])('takes %s', async (_, text) => {
    expect((await postText(text)).json()).toEqual({ responses: [] });
  });

  it.each([
    ['null', 'the body must be object, got null'],
    ['5', 'the body must be object, got a number'],
    ['[]', 'the body must be object, got an array'],
    ['{}', 'the member "requests" is missing'],
    ['{"requests":null}', '"requests" must be array, got null'],
    ['{"requests":{}}', '"requests" must be array, got an object'],
    ['{"requests":"abc"}', '"requests" must be array, got a string'],
  ])('says of %s: %s', async (text, what) => {
    expect(errorOf(await postText(text), 400, 'invalid_request').message).toContain(what);
  });

  it('refuses no body at all', async () => {
    errorOf(await post({}), 400, 'invalid_request');
  });

  it.each(['half', '', 'FULL'])('refuses ?detail=%s', async (detail) => {
    const response = await post({
      url: `/mnist/classify?detail=${detail}`,
      headers: JSON_TYPE,
      payload: '{"requests":[]}',
    });
    expect(errorOf(response, 400, 'invalid_request').message).toContain('?detail=full');
  });
});

describe('images that cannot be read', () => {
  it('names each bad image of a request, whatever is wrong with it, and classifies none', async () => {
    const items = [
      { image: goodImage },
      { image: 5 },
      {},
      { image: '!!!!' },
      'text',
      { image: goodImage },
      { image: Buffer.from('hello world').toString('base64') },
      { image: goodImage.slice(0, 40) },
    ];
    const response = await postText(JSON.stringify({ requests: items }));
    const { message, errors } = errorOf(response, 400, 'invalid_request');
    expect(message).toBe('6 of 8 images cannot be read, so none was classified.');
    expect(errors.map((error) => error.index)).toEqual([1, 2, 3, 4, 6, 7]);
    expect(errors[0]?.message).toContain('"image" must be string, got a number');
    expect(errors[1]?.message).toContain('the member "image" is missing');
    expect(errors[2]?.message).toContain('character 1 of 4 is "!"');
    expect(errors[3]?.message).toContain('the item must be object, got a string');
    expect(errors[4]?.message).toContain('PNG, JPEG');
  });

  it('gives the code that all bad images share', async () => {
    errorOf(await postImages('%%', goodImage, '%'), 400, 'invalid_base64');
    errorOf(await postImages(Buffer.from('no image').toString('base64')), 400, 'not_an_image');
    errorOf(await postImages(goodImage.slice(0, 80)), 400, 'truncated_image');
  });

  it('does not take the number 5 for the text "5"', async () => {
    errorOf(await postImages(5), 400, 'invalid_request');
  });

  it.each([
    [[0, 0, 255], 'got an array; pixels and bytes are not taken as numbers: send an image file'],
    [[[0, 255]], 'pixels and bytes are not taken as numbers'],
    [Buffer.from('abc'), "got an object of Node's; send buffer.toString('base64')"],
    [new Uint8Array([137, 80]), 'pixels and bytes are not taken as numbers'],
    [{}, 'got an object'],
  ])('says of %j what to send', async (image, message) => {
    const { errors } = errorOf(await postImages(image), 400, 'invalid_request');
    expect(errors[0]?.message).toContain(message);
  });

  it('takes base64 with the line breaks of mail', async () => {
    const lines = goodImage.replaceAll(/.{76}/g, '$&\r\n');
    expect(lines).toContain('\r\n');
    expect((await postImages(lines)).json()).toEqual((await postImages(goodImage)).json());
  });

  it('answers 413 when every bad image has too many pixels, 400 when some have other faults', async () => {
    const { errors } = errorOf(await postImages(goodImage, hugeImage, hugeImage), 413, 'too_many_pixels');
    expect(errors.map((error) => error.index)).toEqual([1, 2]);
    errorOf(await postImages(hugeImage, '!'), 400, 'invalid_request');
  });

  it('refuses files in forms and bodies alike', async () => {
    const bad = { name: 'b', filename: 'b.png', content: 'not an image' };
    const form = formOf([{ name: 'a', filename: 'a.png', content: await pngOfDigit(1) }, bad, bad]);
    expect(errorOf(await post(form), 400, 'not_an_image').errors.map((error) => error.index)).toEqual([1, 2]);
    for (const payload of ['GIF89a', '']) {
      const response = await post({ headers: { 'content-type': 'image/png' }, payload });
      const { errors } = errorOf(response, 400, payload ? 'truncated_image' : 'not_an_image');
      expect(errors.map((error) => error.index)).toEqual([0]);
    }
  });

  it('lists at most 100 and says so', async () => {
    const wide = await buildTestApp({ limits: { maxBatch: 500 } });
    const payload = JSON.stringify({ requests: Array.from({ length: 150 }, () => ({ image: '!' })) });
    const response = await wide.inject({
      method: 'POST',
      url: '/mnist/classify',
      headers: JSON_TYPE,
      payload,
    });
    const { message, errors } = errorOf(response, 400, 'invalid_base64');
    expect(errors).toHaveLength(100);
    expect(message).toContain('150 of 150');
    expect(message).toContain('the first 100 are listed');
    await wide.close();
  });
});

describe('too much', () => {
  it('refuses more images than a request may have, before it looks at them', async () => {
    const requests = Array.from({ length: TEST_LIMITS.maxBatch + 1 }, () => 'not even an object');
    const { message, errors } = errorOf(await postText(JSON.stringify({ requests })), 413, 'too_many_images');
    expect(message).toContain('at most 8 in a request, got 9');
    expect(errors).toEqual([]);
  });

  it.each([
    ['empty objects', '{"requests":[' + '{},'.repeat(60_000) + '{}]}'],
    ['empty arrays', '['.repeat(150_000)],
    ['numbers', '[' + '1,'.repeat(150_000) + '1]'],
    ['members', '{' + '"a":1,'.repeat(60_000) + '"a":1}'],
  ])('refuses a body of countless %s before it is parsed', async (_what, text) => {
    expect(errorOf(await postText(text), 413, 'body_too_large').message).toContain('too many items');
  });

  it('refuses more files than a form may have', async () => {
    const content = await pngOfDigit(1);
    const file = { name: 'a', filename: 'a.png', content };
    expect((await post(formOf(Array.from({ length: 8 }, () => file)))).statusCode).toBe(200);
    const { message } = errorOf(
      await post(formOf(Array.from({ length: 9 }, () => file))),
      413,
      'too_many_images',
    );
    expect(message).toContain('at most 8');
  });

  it.each(['application/json', 'image/png'])('refuses too large a body of %s', async (type) => {
    const payload = Buffer.alloc(TEST_LIMITS.maxBodyBytes + 1, 0x20);
    const { message } = errorOf(
      await post({ headers: { 'content-type': type }, payload }),
      413,
      'body_too_large',
    );
    expect(message).toContain(`at most ${TEST_LIMITS.maxBodyBytes} bytes`);
  });

  it('refuses a form with one file too large, or with files too large together', async () => {
    const file = (bytes: number) => ({ name: 'a', filename: 'a.png', content: Buffer.alloc(bytes) });
    errorOf(await post(formOf([file(TEST_LIMITS.maxBodyBytes + 1)])), 413, 'body_too_large');
    const half = file(TEST_LIMITS.maxBodyBytes / 2 + 1);
    errorOf(await post(formOf([half, half])), 413, 'body_too_large');
  });
});

describe('forms', () => {
  it('asks for a file where there is none', async () => {
    const { message } = errorOf(
      await post(formOf([{ name: 'image', content: '7.png' }])),
      400,
      'invalid_request',
    );
    expect(message).toContain('The form has no file: its field "image" is text.');
    expect(message).toContain('-F image=@7.png');
    expect(message).toContain('files={"image": open("7.png", "rb")}, not data=');
    const empty = { headers: { 'content-type': 'multipart/form-data; boundary=abc' }, payload: '' };
    for (const form of [formOf([]), empty]) {
      expect(errorOf(await post(form), 400, 'invalid_request').message).toContain('The form has no file.');
    }
  });

  it.each([
    ['no boundary', 'multipart/form-data', '--x', 'names no boundary'],
    [
      'another boundary',
      'multipart/form-data; boundary=abc',
      '--x\r\n\r\n--x--',
      'ends too early, or its boundary',
    ],
    [
      'no end',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nabc',
      'ends too early',
    ],
  ])('refuses a form with %s', async (_what, type, payload, reason) => {
    const response = await post({ headers: { 'content-type': type }, payload });
    const { message } = errorOf(response, 400, 'invalid_request');
    expect(message).toContain(reason);
    expect(message).toContain('Let your client set content-type itself');
  });

  it('refuses names of the object prototype', async () => {
    const content = await pngOfDigit(1);
    errorOf(await post(formOf([{ name: '__proto__', filename: 'a.png', content }])), 400, 'invalid_request');
  });

  it('refuses fields without end', async () => {
    const fields = Array.from({ length: 200 }, () => ({ name: 'a', content: 'b' }));
    errorOf(await post(formOf(fields)), 400, 'invalid_request');
  });
});

describe('routes', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    'nonsense',
    'video/mp4',
  ])('answers 415 to content-type %s, and says how to send a file', async (type) => {
    const response = await post({ headers: { 'content-type': type }, payload: 'x' });
    expect(errorOf(response, 415, 'unsupported_media_type').message).toContain(
      "-H 'content-type: application/json' to JSON, -H 'content-type: image/png'",
    );
  });

  it('answers 404 with the paths there are, whatever is sent', async () => {
    const response = await post({ url: '/nowhere', headers: { 'content-type': 'text/plain' }, payload: '{' });
    expect(errorOf(response, 404, 'route_not_found').message).toContain('POST /mnist/classify');
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'] as const)('answers 405 with Allow to %s', async (method) => {
    const response = await app.inject({ method, url: '/mnist/classify?detail=full' });
    expect(errorOf(response, 405, 'method_not_allowed').message).toContain(method);
    expect(response.headers.allow).toBe('OPTIONS, POST');
  });

  it('answers OPTIONS with Allow and HEAD without a body', async () => {
    const options = await app.inject({ method: 'OPTIONS', url: '/model' });
    expect(options.statusCode).toBe(204);
    expect(options.headers.allow).toBe('GET, HEAD, OPTIONS');
    const head = await app.inject({ method: 'HEAD', url: '/model' });
    expect(head.statusCode).toBe(200);
    expect(head.body).toBe('');
  });

  it('refuses a path that is none', async () => {
    errorOf(await app.inject({ method: 'GET', url: '/%zz' }), 400, 'invalid_request');
  });
});

describe('faults of the service', () => {
  it.each([
    ['an error', new Error('secret in /etc')],
    ['an error with a code', new InkdigitError('invalid_model', 'secret')],
    ['no error', 'secret'],
  ])('answers 500 without internals when the model throws %s, and logs it', async (_what, thrown) => {
    const lines: string[] = [];
    const broken = await buildTestApp({
      classifier: { ...fakeClassifier(), probabilities: () => Promise.reject(thrown) },
      logger: { level: 'info', stream: { write: (line: string) => lines.push(line) } },
    });
    const payload = await pngOfDigit(1);
    const response = await broken.inject({
      method: 'POST',
      url: '/mnist/classify?detail=full',
      headers: { 'content-type': 'image/png' },
      payload,
    });
    errorOf(response, 500, 'internal');
    expect(response.body).not.toContain('secret');
    expect(lines.some((line) => line.includes('secret') && line.includes('"level":50'))).toBe(true);
    await broken.close();
  });
});

describe('overload', () => {
  it('refuses what does not fit with 503 and Retry-After, before decoding, and answers the rest', async () => {
    const release: (() => void)[] = [];
    const busy = await buildTestApp({
      readImage: () =>
        new Promise((resolve) =>
          release.push(() => resolve(contentOf(new Uint8Array(FRAME_PIXELS).fill(7)))),
        ),
      limits: { maxBatch: 2, maxQueue: 3 },
    });
    const send = (images: number): Promise<LightMyRequestResponse> =>
      busy.inject({
        method: 'POST',
        url: '/mnist/classify',
        payload: { requests: Array.from({ length: images }, () => ({ image: 'AAAA' })) },
      });
    const waiting = [send(2)];
    await vi.waitFor(() => expect(release).toHaveLength(1));
    // Its two images do not fit beside two others; then one does.
    const refused = await send(2);
    expect(errorOf(refused, 503, 'overloaded').message).toContain('3 in each process');
    expect(refused.headers['retry-after']).toBe('1');
    waiting.push(send(1));
    await vi.waitFor(() => expect(release).toHaveLength(2));
    expect((await busy.inject('/livez')).statusCode).toBe(200);
    const answers = Promise.all(waiting);
    const releasing = setInterval(() => release.shift()?.(), 1);
    expect((await answers).map((response) => response.statusCode)).toEqual([200, 200]);
    clearInterval(releasing);
    await busy.close();
  });

  it('answers 504 when the time is over', async () => {
    const stuck = await buildTestApp({
      readImage: () => new Promise(() => {}),
      limits: { timeoutMs: 20 },
    });
    const response = await stuck.inject({
      method: 'POST',
      url: '/mnist/classify',
      payload: { requests: [{ image: 'AAAA' }] },
    });
    expect(errorOf(response, 504, 'deadline_exceeded').message).toContain('20 ms');
    await stuck.close();
  });
});

describe('whatever is sent', () => {
  it('is never answered with 5xx: random JSON', async () => {
    const image = fc.oneof(
      fc.base64String(),
      fc.string({ unit: 'binary' }),
      fc.constant(goodImage),
      fc.jsonValue(),
    );
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({ requests: fc.oneof(fc.array(fc.record({ image }), { maxLength: 10 }), fc.jsonValue()) }),
    );
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        const response = await postText(JSON.stringify(value));
        expect(response.statusCode).toBeLessThan(500);
        expect(response.json()).toHaveProperty(response.statusCode === 200 ? 'responses' : 'errors');
      }),
      { numRuns: 200 },
    );
  });

  it('is never answered with 5xx: random bytes, and images with a byte changed', async () => {
    const good = await pngOfDigit(3);
    const changed = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, value]) => {
      const bytes = Buffer.from(good);
      bytes[at] = value;
      return bytes;
    });
    const type = fc.constantFrom('image/png', 'application/json', 'multipart/form-data; boundary=a');
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          changed,
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        ),
        type,
        async (payload, contentType) => {
          const response = await post({ headers: { 'content-type': contentType }, payload });
          expect(response.statusCode).toBeLessThan(500);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('what came is named', () => {
  it.each([
    ['the content type', { 'content-type': 'text/plain' }, '/mnist/classify', 415, 'got text/plain.'],
    ['no content type', {}, '/mnist/classify', 415, 'got none.'],
    [
      'a compressed body',
      { 'content-type': 'image/png', 'content-encoding': 'gzip' },
      '/mnist/classify',
      415,
      'without content-encoding, got "gzip"',
    ],
    ['a detail', { 'content-type': 'image/png' }, '/mnist/classify?detail=all', 400, 'got "all"'],
    ['a path', { 'content-type': 'image/png' }, '/classify', 404, 'There is no path "/classify"'],
  ])('%s', async (_what, headers, url, status, message) => {
    const response = await app.inject({ method: 'POST', url, headers, payload: Buffer.from('x') });
    expect(response.statusCode).toBe(status);
    expect(response.json<{ message: string }>().message).toContain(message);
  });
});
