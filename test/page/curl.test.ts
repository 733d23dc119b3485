import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { curlOf, type AskedPicture } from '../../page/curl.js';

/** The words that a shell makes of the command. */
function words(picture: AskedPicture, service = 'http://127.0.0.1:8000/'): string[] {
  const command = curlOf(picture, 'digit', {}, service).replace(/^curl/, `printf '%s\\0'`);
  return execFileSync('bash', ['-c', command], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('curlOf', () => {
  it('puts the very drawing into the command', () => {
    expect(words({ kind: 'drawing', base64: 'iVBORw0KGgo+/==' })).toEqual([
      '-H',
      'content-type: application/json',
      '-d',
      '{"requests":[{"image":"iVBORw0KGgo+/=="}]}',
      'http://127.0.0.1:8000/mnist/classify?detail=full',
    ]);
  });

  it.each(["it's $(rm -rf) `x`; 7.png", '-7.png', 'a "b" \\c.png'])(
    'names a file, whatever its name is: %s',
    (name) => {
      expect(words({ kind: 'file', name, type: 'image/jpeg' })).toEqual([
        '-H',
        'content-type: image/jpeg',
        '--data-binary',
        `@${name}`,
        'http://127.0.0.1:8000/mnist/classify?detail=full',
      ]);
    },
  );

  it('names an image type for a file that the browser does not know', () => {
    expect(words({ kind: 'file', name: 'a', type: '' })[1]).toBe('content-type: image/png');
  });

  it('asks for a number where one was read', () => {
    const command = curlOf({ kind: 'file', name: 'a.png', type: 'image/png' }, 'number', {}, 'http://a/');
    expect(command).toMatch(/ 'http:\/\/a\/mnist\/read\?detail=full'$/);
    const cells = curlOf({ kind: 'file', name: 'a.png', type: 'image/png' }, 'number', { cells: 8 }, 'http://a/');
    expect(cells).toMatch(/\/mnist\/read\?detail=full&cells=8'$/);
  });

  it('keeps the path that a proxy puts before the service', () => {
    const url = words({ kind: 'drawing', base64: 'QQ==' }, 'https://example.org/digits/').at(-1);
    expect(url).toBe('https://example.org/digits/mnist/classify?detail=full');
  });
});

describe('curlOf a service with keys', () => {
  it('takes the key from the environment', () => {
    expect(curlOf({ kind: 'file', name: '7.png', type: 'image/png' }, 'digit', {}, 'http://a/', true)).toMatch(
      /^curl -H "authorization: Bearer \$INKDIGIT_API_KEY" -H 'content-type: image\/png' --data-binary/,
    );
  });
});
