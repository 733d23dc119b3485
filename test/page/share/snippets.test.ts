import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  snippetOf,
  SNIPPET_LANGUAGES,
  type AskedPicture,
  type AskedQuestion,
} from '../../../page/share/snippets.js';

const FILE: AskedPicture = { kind: 'file', name: '7.png', type: 'image/png' };
const INLINE: AskedPicture = { kind: 'inline', base64: 'iVBORw0KGgo+/==' };

function asked(picture: AskedPicture, rest: Partial<AskedQuestion> = {}): AskedQuestion {
  return { picture, asked: 'digit', known: {}, service: 'http://127.0.0.1:8000/', withKey: false, ...rest };
}

/** The words that a shell makes of the command. */
function words(question: AskedQuestion): string[] {
  const command = snippetOf('curl', question).replace(/^curl/, `printf '%s\\0'`);
  return execFileSync('bash', ['-c', command], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('snippetOf', () => {
  it('puts a small picture into the command', () => {
    expect(words(asked(INLINE))).toEqual([
      '-H',
      'content-type: application/json',
      '-d',
      '{"requests":[{"image":"iVBORw0KGgo+/=="}]}',
      'http://127.0.0.1:8000/mnist/classify?detail=full',
    ]);
    expect(snippetOf('inkdigit', asked(INLINE))).toBe(
      "echo iVBORw0KGgo+/== | base64 -d | npx inkdigit classify --server 'http://127.0.0.1:8000/' -",
    );
  });

  it.each(["it's $(rm -rf) `x`; 7.png", '-7.png', 'a "b" \\c.png'])(
    'names a file, whatever its name is: %s',
    (name) => {
      expect(words(asked({ kind: 'file', name, type: 'image/jpeg' }))).toEqual([
        '-H',
        'content-type: image/jpeg',
        '--data-binary',
        `@${name}`,
        'http://127.0.0.1:8000/mnist/classify?detail=full',
      ]);
    },
  );

  it('names an image type for a file that the browser does not know', () => {
    expect(words(asked({ kind: 'file', name: 'a', type: '' }))[1]).toBe('content-type: image/png');
  });

  it('asks for a number where one was read', () => {
    const number = asked(FILE, { asked: 'number', known: { cells: 8 }, service: 'http://a/' });
    expect(snippetOf('curl', number)).toMatch(/ 'http:\/\/a\/mnist\/read\?detail=full&cells=8'$/);
    expect(snippetOf('inkdigit', number)).toBe("npx inkdigit read --server 'http://a/' --cells '8' '7.png'");
  });

  it('keeps the path that a proxy puts before the service', () => {
    const url = words(asked(INLINE, { service: 'https://example.org/digits/' })).at(-1);
    expect(url).toBe('https://example.org/digits/mnist/classify?detail=full');
  });

  it('takes a key from the environment', () => {
    expect(snippetOf('curl', asked(FILE, { withKey: true }))).toMatch(
      /^curl -H "authorization: Bearer \$INKDIGIT_API_KEY" -H 'content-type: image\/png' --data-binary/,
    );
    expect(snippetOf('Python', asked(FILE, { withKey: true }))).toContain('os.environ["INKDIGIT_API_KEY"]');
    expect(snippetOf('JavaScript', asked(FILE, { withKey: true }))).toContain('process.env.INKDIGIT_API_KEY');
  });

  it.each(SNIPPET_LANGUAGES)('is short: %s', (language) => {
    for (const picture of [FILE, INLINE])
      expect(snippetOf(language, asked(picture)).length).toBeLessThan(300);
  });

  it('is JavaScript and Python that can be parsed', () => {
    const all = (language: 'JavaScript' | 'Python'): string =>
      [FILE, INLINE].map((picture) => snippetOf(language, asked(picture, { withKey: true }))).join('\n');
    const script = all('JavaScript').replaceAll('const answer', 'var answer');
    execFileSync(process.execPath, ['--check', '--input-type=module', '-'], { input: script });
    execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: all('Python') });
  });
});
