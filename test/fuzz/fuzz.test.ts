import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedErrors, faultOf } from '../../fuzz/answers.js';
import { mutatePng } from '../../fuzz/bytes.js';
import { drawCorpus, type Corpus } from '../../fuzz/images.js';
import { makeRequest, requestOf } from '../../fuzz/requests.js';
import { runFuzz } from '../../fuzz/run.js';
import { startService, type FuzzedService } from '../../fuzz/service.js';
import { createRandom } from '../../src/random.js';
import { runsLong } from '../helpers/runner/long.js';
import { pngChunk } from '../image/raw-files.js';

/** `npm run test:fuzz` sends 6,000, `npm run fuzz` a million. */
const REQUESTS = runsLong ? 6_000 : 2_500;
/** The machine may be busy: how long an answer may take is for `npm run fuzz` to say. */
const SLOW_MS = 15_000;
/** A picture of 25 million pixels, decoded, in grays and in colours, leaves the allocator as much as this. */
const MAX_GROWTH_MEGABYTES = 250;

let corpus: Corpus;
beforeAll(async () => {
  corpus = await drawCorpus();
});

describe('the service under hostile requests', () => {
  let service: FuzzedService;
  beforeAll(async () => {
    service = await startService(1);
  });
  afterAll(() => service.stop());

  it(`answers ${REQUESTS} of them as documented, and its one worker lives on`, async () => {
    const report = await runFuzz(service, corpus, {
      requests: REQUESTS,
      seed: 1,
      connections: 4,
      slowMs: SLOW_MS,
    });
    expect(report.findings.map(({ index, fault }) => `${index}: ${fault}`)).toEqual([]);
    expect(service.complaints).toEqual([]);
    expect(report.requests).toBe(REQUESTS);
    expect(report.slowestLivezMs).toBeLessThan(Infinity);
    expect(report.leaving).toBeGreaterThan(REQUESTS / 50);
    const { warm, end } = report.megabytes;
    if (warm !== null && end !== null) expect(end - warm).toBeLessThan(MAX_GROWTH_MEGABYTES);
    // It saw all kinds of answers.
    expect([...report.byStatus.keys()]).toEqual(
      expect.arrayContaining([200, 204, 400, 404, 405, 413, 415, 431]),
    );
  });
});

describe('makeRequest', () => {
  it('makes the same of the same seed, and another of another', () => {
    const bytesOf = (seed: number): string[] =>
      Array.from({ length: 50 }, (_, i) => makeRequest(seed, i, corpus).bytes.toString('base64'));
    expect(bytesOf(1)).toEqual(bytesOf(1));
    expect(bytesOf(1)).not.toEqual(bytesOf(2));
  });
});

describe('makeRequest for numbers', () => {
  it('asks both well and badly', () => {
    const asked = Array.from({ length: 2_000 }, (_, i) => makeRequest(1, i, corpus)).filter(({ bytes }) =>
      bytes.toString('latin1', 0, 16).startsWith('POST /mnist/read'),
    );
    expect(asked.length).toBeGreaterThan(60);
    expect(asked.filter(({ isGood }) => isGood).length).toBeGreaterThan(5);
  });
});

describe('mutatePng', () => {
  it('leaves every checksum right', () => {
    for (let seed = 0; seed < 200; seed++) {
      const png = mutatePng(corpus.png[0], createRandom(seed));
      for (let at = 8; at + 12 <= png.length;) {
        const length = png.readUInt32BE(at);
        const type = png.toString('latin1', at + 4, at + 8);
        const chunk = png.subarray(at, at + 12 + length);
        expect(chunk.equals(pngChunk(type, png.subarray(at + 8, at + 8 + length)))).toBe(true);
        at += 12 + length;
      }
    }
  });
});

describe('faultOf', () => {
  const documented = documentedErrors(
    '| 400    | `not_an_image` | … |\n| 413    | `too_many_images` | … |\n',
  );
  const request = { ...requestOf(Buffer.of(1)), isGood: false };
  const answer = (status: number, content: unknown): Parameters<typeof faultOf>[1] => ({
    status,
    contentType: 'application/json; charset=utf-8',
    body: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
  });
  const error = (code: string): object => ({ message: 'no', code, errors: [] });
  const one = { responses: [{ class: 1, probability: 0.5 }] };
  const box = [0, 0, 5, 8];
  const digit = { class: 4, probability: 0.9, box };
  const number = {
    text: '4?\n4',
    probability: 0.5,
    accepted: true,
    digits: [digit, digit, digit],
    lines: [
      { text: '4?', probability: 0.9, box, digits: [0, 2] },
      { text: '4', probability: 0.9, box, digits: [2, 3] },
    ],
    unread: [{ box, probability: 0.4 }],
  };

  it('passes what is documented', () => {
    expect(faultOf(request, answer(400, error('not_an_image')), documented)).toBeNull();
    expect(faultOf(request, answer(200, one), documented)).toBeNull();
    expect(faultOf({ ...request, isGood: true }, answer(200, one), documented)).toBeNull();
    expect(faultOf({ ...request, isCut: true }, null, documented)).toBeNull();
    expect(faultOf(request, answer(200, { responses: [number] }), documented)).toBeNull();
  });

  it.each([
    ['other characters', { text: '4a\n4' }],
    ['a digit too few', { digits: [digit, digit] }],
    ['a box that begins before the picture', { unread: [{ box: [-1, 0, 5, 8], probability: 0.4 }] }],
    ['a digit above 9', { digits: [digit, digit, { ...digit, class: 10 }] }],
    ['lines that leave digits out', { lines: [{ ...number.lines[0], digits: [0, 1] }, number.lines[1]] }],
    ['lines of another text', { lines: [number.lines[1], number.lines[0]] }],
    ['a probability above 1', { probability: 1.01 }],
    ['a word in the place of true', { accepted: 'true' }],
    ['what is truncated in no way', { truncated: false }],
  ])('finds in a number %s', (_what, members) => {
    const fault = faultOf(request, answer(200, { responses: [{ ...number, ...members }] }), documented);
    expect(fault).toEqual(expect.any(String));
  });

  it.each([
    ['no answer', request, null],
    ['a fault of the service', request, answer(500, error('internal'))],
    ['a status that is not documented', request, answer(418, error('not_an_image'))],
    ['a code of another status', request, answer(413, error('not_an_image'))],
    ['an error without its members', request, answer(400, { code: 'not_an_image', message: 'no' })],
    ['an error without words', request, answer(400, { ...error('not_an_image'), message: '' })],
    [
      'an error of an inference without `error`',
      { ...request, bytes: Buffer.from('POST /v2/models/digits/infer HTTP/1.1') },
      answer(400, error('not_an_image')),
    ],
    ['no JSON', request, answer(400, '<html>')],
    ['no body', request, answer(400, '')],
    ['a refusal of a good request', { ...request, isGood: true }, answer(400, error('not_an_image'))],
    ['too many responses', request, answer(200, { responses: [...one.responses, ...one.responses] })],
    ['a class that is no digit', request, answer(200, { responses: [{ class: 10, probability: 0.5 }] })],
    ['a probability that is none', request, answer(200, { responses: [{ class: 1, probability: null }] })],
  ])('finds %s', (_what, asked, given) => {
    expect(faultOf(asked, given, documented)).toEqual(expect.any(String));
  });
});
