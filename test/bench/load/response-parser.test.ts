import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ResponseParser, type Answer } from '../../../bench/load/response-parser.js';

function parse(pieces: readonly Buffer[], keepsBodies = true): Answer[] {
  const answers: Answer[] = [];
  const parser = new ResponseParser((answer) => answers.push(answer), { keepsBodies });
  for (const piece of pieces) parser.push(piece);
  return answers;
}

function written(status: number, body: string, header = 'content-length'): Buffer {
  return Buffer.from(
    `HTTP/1.1 ${status} Some Words\r\nx-other: 1\r\n${header}: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

describe('ResponseParser', () => {
  it('finds every answer, wherever the pieces are cut, even where each overwrites the one before', () => {
    const answers = fc.array(
      fc.record({
        status: fc.constantFrom(200, 400, 503),
        body: fc.string({ unit: 'grapheme', maxLength: 40 }),
        header: fc.constantFrom('content-length', 'Content-Length'),
      }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(
        answers,
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        (expected, lengths) => {
          const stream = Buffer.concat(
            expected.map(({ status, body, header }) => written(status, body, header)),
          );
          const memory = Buffer.alloc(30);
          const found: Answer[] = [];
          const parser = new ResponseParser((one) => found.push(one), { keepsBodies: true });
          for (let at = 0, i = 0; at < stream.length; i++) {
            const length = lengths[i % lengths.length] ?? 1;
            const copied = stream.copy(memory, 0, at, at + length);
            parser.push(memory.subarray(0, copied));
            at += copied;
          }
          expect(found.map(({ status, body }) => ({ status, body: body?.toString() }))).toEqual(
            expected.map(({ status, body }) => ({ status, body })),
          );
        },
      ),
    );
  });

  it('keeps no bodies unless it is asked to', () => {
    expect(parse([written(200, 'text')], false)).toEqual([{ status: 200, closes: false, body: null }]);
  });

  it('says when the server closes the connection', () => {
    const closing = Buffer.from('HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    expect(parse([closing])[0]).toMatchObject({ status: 503, closes: true });
  });

  it('takes an answer without a body', () => {
    expect(parse([Buffer.from('HTTP/1.1 204 No Content\r\n\r\n')])[0]?.status).toBe(204);
  });

  it.each([
    ['an answer without a length', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', /content-length/],
    ['what is not HTTP', 'SSH-2.0-OpenSSH\r\n\r\n', /Expected an HTTP answer/],
    ['a head without an end', 'x'.repeat(20_000), /does not end/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parse([Buffer.from(text)])).toThrow(message);
  });
});
