import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/image/picture.js';
import { readImageSyncIfSmall } from '../../../src/image/read-image.js';
import { drawDigit } from '../../../src/drawing/draw-digit.js';
import { createPictureReader } from '../../../src/model/pictures/picture-reader.js';
import { encodeGif, encodeJpeg, encodePng, encodeWebp } from '../../helpers/data/digits.js';
import { fakeClassifier } from '../../helpers/models/fake-classifier.js';
import { readWhole } from '../../helpers/data/read-whole.js';
import { markedPicture, tinyFinder, tinyReader } from '../../helpers/models/tiny-picture-models.js';
import { base64OfDigit, buildTestApp, formOf, pngOfDigit } from '../../helpers/programs/test-app.js';

let app: FastifyInstance;
beforeAll(async () => {
  app = await buildTestApp();
});
afterAll(() => app.close());

function post(options: Omit<InjectOptions, 'method'>): Promise<LightMyRequestResponse> {
  return app.inject({ method: 'POST', url: '/mnist/classify', ...options });
}

function postJson(body: unknown, url = '/mnist/classify'): Promise<LightMyRequestResponse> {
  return post({ url, headers: { 'content-type': 'application/json' }, payload: JSON.stringify(body) });
}

function classes(response: LightMyRequestResponse): number[] {
  expect(response.statusCode).toBe(200);
  return response.json<{ responses: { class: number }[] }>().responses.map((answer) => answer.class);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('POST /mnist/classify as JSON', () => {
  it('answers each image in order, with class and probability and nothing else', async () => {
    const digits = [3, 1, 4, 1, 5, 9, 2, 6];
    const requests = await Promise.all(digits.map(async (digit) => ({ image: await base64OfDigit(digit) })));
    const response = await postJson({ requests });
    expect(classes(response)).toEqual(digits);
    const probability = Math.exp(5) / (Math.exp(5) + 9);
    for (const answer of response.json().responses) {
      expect(Object.keys(answer)).toEqual(['class', 'probability']);
      expect(answer.probability).toBeCloseTo(probability, 6);
    }
    expect(Object.keys(response.json())).toEqual(['responses']);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });

  it('answers no images with no responses', async () => {
    const response = await postJson({ requests: [] });
    expect(response.statusCode).toBe(200);
    expect(response.body).toBe('{"responses":[]}');
  });

  it('adds the ten probabilities with ?detail=full', async () => {
    const response = await postJson(
      { requests: [{ image: await base64OfDigit(6) }] },
      '/mnist/classify?detail=full&else=ignored',
    );
    const [answer] = response.json().responses;
    expect(Object.keys(answer)).toEqual([
      'class',
      'probability',
      'probabilities',
      'digit',
      'threshold',
      'frame',
    ]);
    expect(answer).toMatchObject({ digit: true, threshold: 0 });
    expect(answer.probabilities).toHaveLength(10);
    expect(sum(answer.probabilities)).toBeCloseTo(1, 5);
    expect(answer.probability).toBe(answer.probabilities[6]);
  });

  it('says of a blank that it is no digit, whatever the model makes of it', async () => {
    const blank = await encodePng({ width: 28, height: 28, channels: 1, data: new Uint8Array(784) });
    const requests = [{ image: blank.toString('base64') }, { image: await base64OfDigit(6) }];
    const response = await postJson({ requests }, '/mnist/classify?detail=full');
    expect(response.json().responses.map((answer: { digit: boolean }) => answer.digit)).toEqual([
      false,
      true,
    ]);
  });

  it('says that an image is no digit where it is one with less than the threshold', async () => {
    const strict = await buildTestApp({ classifier: fakeClassifier(0.95, 0.9) });
    const payload = { requests: [{ image: await base64OfDigit(6) }] };
    const response = await strict.inject({ method: 'POST', url: '/mnist/classify?detail=full', payload });
    expect(response.json().responses).toMatchObject([{ class: 6, digit: false, threshold: 0.95 }]);
    await strict.close();
  });

  it('makes of a picture what ?normalize= says, auto where it says nothing', async () => {
    const seen: string[] = [];
    const own = await buildTestApp({
      readImage: async (_, { normalize }) => {
        seen.push(normalize);
        return contentOf(new Uint8Array(784));
      },
    });
    const asked = ['?normalize=never', '?normalize=always', '?normalize=auto&detail=full', ''];
    for (const query of asked) {
      const response = await own.inject({
        method: 'POST',
        url: `/mnist/classify${query}`,
        payload: { requests: [{ image: await base64OfDigit(1) }] },
      });
      expect(response.statusCode).toBe(200);
    }
    expect(seen).toEqual(['never', 'always', 'auto', 'auto']);
    const wrong = await own.inject({
      method: 'POST',
      url: '/mnist/classify?normalize=no',
      payload: { requests: [] },
    });
    expect(wrong.statusCode).toBe(400);
    expect(wrong.json().message).toBe(
      'The query member "normalize" may be "auto", "always", "never", got "no".',
    );
    await own.close();
  });

  it('adds the frame that the model got with ?detail=full, as a PNG file', async () => {
    const drawn = drawDigit(4, { width: 90, height: 60, ink: 0, background: 255 });
    const images = [await pngOfDigit(6), await encodePng(drawn)];
    const requests = images.map((image) => ({ image: image.toString('base64') }));
    const { responses } = (await postJson({ requests }, '/mnist/classify?detail=full')).json();
    for (const [i, image] of images.entries()) {
      const [type, base64] = String(responses[i].frame).split(',');
      expect(type).toBe('data:image/png;base64');
      const frame = await sharp(Buffer.from(base64 ?? '', 'base64'))
        .extractChannel(0)
        .raw()
        .toBuffer();
      expect(Uint8Array.from(frame)).toEqual(Uint8Array.from(await readWhole(image)));
    }
  });

  it(
    'says where in a picture it found the digit, and shows the view that the model got, with ' +
      '?detail=full',
    async () => {
      const pictures = await createPictureReader({ finder: tinyFinder(), reader: tinyReader() });
      const own = await buildTestApp({
        pictures,
        readImage: readImageSyncIfSmall,
        limits: { maxPixels: 1_000_000 },
      });
      const files = [
        await encodePng(markedPicture(20, [[1, 4, 'upper']])),
        await encodePng(markedPicture(100, [[4, 1, 'lower']])),
      ];
      const payload = { requests: files.map((file) => ({ image: file.toString('base64') })) };
      const ask = async (url: string): Promise<{ responses: Record<string, unknown>[] }> =>
        (await own.inject({ method: 'POST', url, payload })).json();
      const { responses } = await ask('/mnist/classify?detail=full');
      expect(responses).toMatchObject([
        { class: 4, digit: true, threshold: 0.5, box: [70, 10, 40, 40] },
        { class: 5, digit: true, threshold: 0.5, box: [50, 350, 200, 200] },
      ]);
      for (const { frame } of responses) {
        const [, base64 = ''] = String(frame).split(',');
        expect(await sharp(Buffer.from(base64, 'base64')).metadata()).toMatchObject({
          width: 64,
          height: 64,
        });
      }
      expect(Object.keys((await ask('/mnist/classify')).responses[0] ?? {})).toEqual([
        'class',
        'probability',
      ]);
      const never = await ask('/mnist/classify?detail=full&normalize=never');
      expect(never.responses[0]).not.toHaveProperty('box');
      await own.close();
      await pictures.close();
    },
  );

  it('ignores members that it does not know', async () => {
    const body = { requests: [{ image: await base64OfDigit(2), id: 7 }], model: 'x' };
    expect(classes(await postJson(body))).toEqual([2]);
  });

  it('takes URL-safe base64, missing padding and data: URLs', async () => {
    const png = await pngOfDigit(8);
    const images = [
      png.toString('base64url'),
      png.toString('base64').replace(/=+$/, ''),
      `data:image/png;base64,${png.toString('base64')}`,
    ];
    expect(classes(await postJson({ requests: images.map((image) => ({ image })) }))).toEqual([8, 8, 8]);
  });
});

describe('POST /mnist/classify?partial=true', () => {
  const URL = '/mnist/classify?partial=true';

  it('answers the good images, and names each bad one at its place', async () => {
    const requests = [
      { image: await base64OfDigit(3) },
      { image: 'bm90IGEgcGljdHVyZQ==' },
      { image: 7 },
      {},
      { image: await base64OfDigit(8) },
      { image: '!!' },
    ];
    const response = await postJson({ requests }, URL);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    const error = (code: string): object => ({ error: { code, message: expect.any(String) } });
    expect(response.json()).toEqual({
      responses: [
        { class: 3, probability: expect.any(Number) },
        error('not_an_image'),
        error('invalid_request'),
        error('invalid_request'),
        { class: 8, probability: expect.any(Number) },
        error('invalid_base64'),
      ],
    });
  });

  it('gives good images the same answer as without it, with details too', async () => {
    const image = await base64OfDigit(4);
    for (const more of ['', '&detail=full']) {
      const plain = await postJson({ requests: [{ image }] }, `/mnist/classify?${more.slice(1)}`);
      const good = await postJson({ requests: [{ image }] }, `${URL}${more}`);
      expect(good.body).toBe(plain.body);
      const mixed = await postJson({ requests: [{ image: '' }, { image }] }, `${URL}${more}`);
      expect(mixed.json<{ responses: object[] }>().responses[1]).toEqual(
        plain.json<{ responses: object[] }>().responses[0],
      );
    }
  });

  it('answers where no image can be read, and files as well', async () => {
    const form = formOf([
      { name: 'a', filename: 'a.png', content: 'junk' },
      { name: 'b', filename: 'b.png', content: await pngOfDigit(5) },
    ]);
    const ofForm = await post({ url: URL, ...form });
    expect(ofForm.json()).toMatchObject({ responses: [{ error: { code: 'not_an_image' } }, { class: 5 }] });
    const headers = { 'content-type': 'image/png' };
    const alone = await post({ url: URL, headers, payload: Buffer.from('junk') });
    expect(alone.statusCode).toBe(200);
    expect(alone.json()).toMatchObject({ responses: [{ error: { code: 'not_an_image' } }] });
  });

  it('reads elsewhere what is large, a bad one among it, and keeps the order', async () => {
    const large = await encodeJpeg(drawDigit(3, { width: 90, height: 90 }));
    const cut = large.subarray(0, large.length / 2);
    const images = [cut, await pngOfDigit(1), cut].map((bytes) => ({ image: bytes.toString('base64') }));
    const response = await postJson({ requests: images }, URL);
    expect(response.json()).toMatchObject({
      responses: [
        { error: { code: 'truncated_image' } },
        { class: 1 },
        { error: { code: 'truncated_image' } },
      ],
    });
  });

  it('refuses what is wrong with the request as a whole, and other values', async () => {
    expect((await postJson({ images: [] }, URL)).statusCode).toBe(400);
    const other = await postJson({ requests: [] }, '/mnist/classify?partial=yes');
    expect(other.statusCode).toBe(400);
    expect(other.json<{ message: string }>().message).toContain('"partial" must be "true" or "false"');
  });

  it('refuses all for one bad image where it is false', async () => {
    const requests = [{ image: await base64OfDigit(3) }, { image: 'bm8=' }];
    const response = await postJson({ requests }, '/mnist/classify?partial=false');
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'not_an_image', errors: [{ index: 1 }] });
  });
});

describe('POST /mnist/classify as files', () => {
  it('takes an image file as the body, whatever image type is named', async () => {
    const payload = await pngOfDigit(7);
    for (const type of ['image/png', 'image/jpeg', 'IMAGE/X-UNKNOWN; q=1']) {
      expect(classes(await post({ headers: { 'content-type': type }, payload }))).toEqual([7]);
    }
  });

  it('takes every format and size', async () => {
    const raster = { width: 40, height: 50, channels: 1 as const, data: new Uint8Array(2000).fill(9) };
    for (const encode of [encodePng, encodeJpeg, encodeGif, encodeWebp]) {
      const payload = await encode(raster);
      expect(classes(await post({ headers: { 'content-type': 'image/any' }, payload }))).toHaveLength(1);
    }
  });

  it('takes a form with many files, in order, and ignores its other fields', async () => {
    const form = formOf([
      { name: 'image', filename: '5.png', content: await pngOfDigit(5) },
      { name: 'note', content: 'hello' },
      { name: 'image', filename: '0.png', content: await pngOfDigit(0) },
      { name: 'other', filename: '9.png', content: await pngOfDigit(9) },
    ]);
    expect(classes(await post(form))).toEqual([5, 0, 9]);
    const detailed = await post({ ...form, url: '/mnist/classify?detail=full' });
    expect(detailed.json().responses[2].probabilities).toHaveLength(10);
  });
});
