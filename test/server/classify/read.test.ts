import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImageSyncIfSmall } from '../../../src/image/read-image.js';
import { openDigitModels, type OpenedModels } from '../../../src/model/digit-models.js';
import { shippedModelPath } from '../../../src/model/model-paths.js';
import { encodePng } from '../../helpers/data/digits.js';
import { numberPicture } from '../../helpers/data/number-pictures.js';
import { buildTestApp, formOf } from '../../helpers/programs/test-app.js';

let models: OpenedModels;
let app: FastifyInstance;
beforeAll(async () => {
  models = await openDigitModels(shippedModelPath());
  const { classifier, pictures } = models;
  app = await buildTestApp({
    classifier,
    pictures,
    readImage: readImageSyncIfSmall,
    limits: { maxPixels: 500_000 },
  });
});
afterAll(async () => {
  await app.close();
  await models.close();
});

async function post(texts: readonly string[], query = ''): Promise<LightMyRequestResponse> {
  const pictures = await Promise.all(texts.map((text) => encodePng(numberPicture(text))));
  return app.inject({
    method: 'POST',
    url: `/mnist/read${query}`,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ requests: pictures.map((png) => ({ image: png.toString('base64') })) }),
  });
}

describe('POST /mnist/read', () => {
  it('reads the number in each image, leading zeros and lines as well', async () => {
    const response = await post(['0472', '35\n81']);
    expect(response.statusCode).toBe(200);
    const [first, second] = response.json().responses;
    expect(first).toMatchObject({ text: '0472', accepted: true, unread: [] });
    expect(first.probability).toBeGreaterThan(0.5);
    expect(first.digits.map((digit: { class: number }) => digit.class)).toEqual([0, 4, 7, 2]);
    expect(Object.keys(first)).toEqual(['text', 'probability', 'accepted', 'digits', 'lines', 'unread']);
    expect(first.lines).toEqual([
      { text: '0472', probability: first.probability, box: expect.any(Array), digits: [0, 4] },
    ]);
    const lefts = first.digits.map(({ box }: { box: number[] }) => box[0]);
    expect(lefts).toEqual(lefts.toSorted((a: number, b: number) => a - b));
    expect(second.text).toBe('35\n81');
    expect(second.lines.map(({ digits }: { digits: number[] }) => digits)).toEqual([
      [0, 2],
      [2, 4],
    ]);
  });

  it('adds alternatives and the ten probabilities with ?detail=full', async () => {
    const [answer] = (await post(['0472'], '?detail=full&pattern=dd.dd')).json().responses;
    expect(answer.text).toBe('0472');
    expect(answer.raw).toBe('04.72');
    expect(answer.digits[0].probabilities).toHaveLength(10);
    expect(answer.alternatives.length).toBeGreaterThan(0);
  });

  it('considers only numbers that fit what is known of them', async () => {
    const [answer] = (await post(['0472'], '?length=3')).json().responses;
    expect(answer.text).toHaveLength(3);
    expect(answer.accepted).toBe(false);
    expect(answer.unread).toHaveLength(1);
    const [small] = (await post(['75'], '?max=31')).json().responses;
    expect(Number(small.text)).toBeLessThanOrEqual(31);
  });

  it('marks doubtful digits with ?reject', async () => {
    const [answer] = (await post(['0472'], '?reject=1')).json().responses;
    expect(answer.text).toBe('????');
    expect(answer.accepted).toBe(false);
  });

  it('reads cells, empty ones as spaces', async () => {
    const [answer] = (await post(['4 7'], '?cells=3')).json().responses;
    expect(answer.text).toBe('4 7');
    expect(answer.digits).toHaveLength(2);
  });

  it('takes files and forms, as /mnist/classify does', async () => {
    const png = await encodePng(numberPicture('38'));
    const file = await app.inject({
      method: 'POST',
      url: '/mnist/read',
      headers: { 'content-type': 'image/png' },
      payload: png,
    });
    expect(file.json().responses[0].text).toBe('38');
    const form = await app.inject({
      method: 'POST',
      url: '/mnist/read',
      ...formOf([{ name: 'image', filename: 'a.png', content: png }]),
    });
    expect(form.json().responses[0].text).toBe('38');
  });

  it('reads nothing on blank paper', async () => {
    const [answer] = (await post([' '])).json().responses;
    expect(answer).toMatchObject({ text: '', accepted: false, digits: [], lines: [] });
  });

  it('answers no images with no responses', async () => {
    expect((await post([])).body).toBe('{"responses":[]}');
  });

  it.each([
    ['?length=four', 'length'],
    ['?length=0', 'length'],
    ['?length=2&length=3', 'length'],
    ['?pattern=xx', 'pattern'],
    ['?pattern=...', 'pattern'],
    ['?max=-1', 'max'],
    ['?reject=2', 'reject'],
    ['?grid=9', 'grid'],
    ['?grid=99x99', 'grid'],
    ['?cells=8&length=8', 'length'],
    ['?length=3&minLength=4', 'length'],
    ['?detail=half', 'detail'],
  ])('refuses %s and says what was wrong', async (query, named) => {
    const response = await post(['1'], query);
    expect(response.statusCode).toBe(400);
    expect(response.json().code).toBe('invalid_request');
    expect(response.json().message).toContain(named);
  });

  it('names what is no image, and one that is too large', async () => {
    const bad = await app.inject({
      method: 'POST',
      url: '/mnist/read',
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ requests: [{ image: 'AAAA' }] }),
    });
    expect([bad.statusCode, bad.json().errors[0].index]).toEqual([400, 0]);
    const large = await encodePng({ width: 1000, height: 600, channels: 1, data: new Uint8Array(600_000) });
    const refused = await app.inject({
      method: 'POST',
      url: '/mnist/read',
      headers: { 'content-type': 'image/png' },
      payload: large,
    });
    expect([refused.statusCode, refused.json().code]).toEqual([413, 'too_many_pixels']);
  });

  it('bounds the work on a picture of ten thousand specks', async () => {
    const [width, height] = [700, 700];
    const data = new Uint8Array(width * height).fill(230);
    for (let y = 3; y < height; y += 7) for (let x = 3; x < width; x += 7) data[y * width + x] = 20;
    const begun = process.cpuUsage();
    const response = await app.inject({
      method: 'POST',
      url: '/mnist/read',
      headers: { 'content-type': 'image/png' },
      payload: await encodePng({ width, height, channels: 1, data }),
    });
    const { user, system } = process.cpuUsage(begun);
    expect(response.statusCode).toBe(200);
    const [answer] = response.json().responses;
    expect(answer.digits.length).toBeLessThanOrEqual(512);
    expect((user + system) / 1e6).toBeLessThan(5);
  });
});
