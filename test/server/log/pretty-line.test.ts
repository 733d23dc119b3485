import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prettyLine } from '../../../src/server/log/pretty-line.js';

const zone = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'UTC';
});
afterAll(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const COMMON = { level: 'info', time: '2026-11-23T10:25:30.338Z', pid: 1, hostname: 'web-1' };

function pretty(members: object, isColored = false): string {
  return prettyLine(`${JSON.stringify({ ...COMMON, ...members })}\n`, isColored);
}

describe('prettyLine', () => {
  it('tells of a request what was asked and how it went', () => {
    const request = {
      msg: 'request',
      reqId: 'req-1',
      method: 'POST',
      path: '/mnist/classify',
      address: '192.0.2.1',
      status: 200,
      ms: 0.64,
      images: 3,
    };
    expect(pretty(request)).toBe(
      '10:25:30.338 info  POST /mnist/classify 200, 0.64 ms, 3 images  address=192.0.2.1\n',
    );
    expect(pretty({ ...request, images: 1, address: undefined })).toContain(', 1 image\n');
    const refused = pretty({ ...request, status: 413, images: 0, code: 'too_many_images', trace_id: 'ab' });
    expect(refused).toContain('413, 0.64 ms, too_many_images  address=192.0.2.1 trace_id=ab\n');
  });

  it('has the members of other lines behind their text', () => {
    expect(pretty({ msg: 'ready', host: '127.0.0.1', port: 8000 })).toBe(
      '10:25:30.338 info  ready  host=127.0.0.1 port=8000\n',
    );
    expect(pretty({ msg: 'shut down', level: 'error' })).toBe('10:25:30.338 error shut down\n');
  });

  it('has the stack of an error below', () => {
    const text = pretty({
      msg: 'failed to answer',
      level: 'error',
      err: { message: 'a', stack: 'Error: a\n at b' },
    });
    expect(text).toBe('10:25:30.338 error failed to answer\n  Error: a\n   at b\n');
  });

  it('colours what matters, and nothing where there are no colours', () => {
    const failed = { msg: 'request', method: 'GET', path: '/', status: 500, ms: 1, images: 0 };
    expect(pretty(failed, true)).toContain('\u001b[31mGET / 500, 1 ms\u001b[0m');
    expect(pretty(failed)).not.toContain('\u001b');
  });

  it('lets nothing steer the terminal', () => {
    const nasty = '\u001b[2J\u009b1m\u202eabc\r\n';
    const text = pretty({ msg: nasty, [nasty]: nasty, err: { stack: nasty }, level: nasty });
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u001b\u009b\u202e\r]/);
    expect(prettyLine(`not JSON \u001b[2J\n`, false)).toBe('not JSON \\u001b[2J\n');
  });
});
