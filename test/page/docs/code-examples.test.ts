import { describe, expect, it } from 'vitest';
import type { Asked } from '../../../page/docs/asked.js';
import { codeOf } from '../../../page/docs/code-examples.js';

const SERVICE = 'https://example.org/digits/';

const form: Asked = {
  method: 'POST',
  path: '/mnist/classify',
  query: [],
  bodyType: 'multipart/form-data',
  files: [{ name: 'a b.png', type: 'image/png' }],
  withKey: false,
};
const model: Asked = { ...form, method: 'GET', path: '/model', bodyType: null, files: [] };

// test/e2e/docs-page.test.ts runs what the page shows; here is what it does not reach.
describe('codeOf', () => {
  it('asks below the path that a proxy puts before the service', () => {
    expect(codeOf('curl', model, SERVICE)).toBe("curl 'https://example.org/digits/model'");
    expect(codeOf('Python', model, SERVICE)).toContain(
      'requests.get("https://example.org/digits/model", timeout=30)',
    );
    expect(codeOf('JavaScript', model, SERVICE)).toContain('fetch("https://example.org/digits/model");');
  });

  it('takes a key from the environment', () => {
    const asked = { ...form, withKey: true };
    expect(codeOf('curl', asked, SERVICE)).toContain('-H "authorization: Bearer $INKDIGIT_API_KEY"');
    expect(codeOf('Python', asked, SERVICE)).toMatch(/^import os\n[^]*headers=\{"x-api-key": os\.environ\[/);
    expect(codeOf('JavaScript', asked, SERVICE)).toContain(
      "headers: { 'x-api-key': process.env.INKDIGIT_API_KEY }",
    );
  });

  it('quotes whatever a file is called and a query says', () => {
    const asked: Asked = {
      ...form,
      query: [['pattern', "d'd d"]],
      files: [{ name: `it's "1".png`, type: 'image/png' }],
    };
    expect(codeOf('curl', asked, SERVICE)).toBe(
      `curl -F 'image=@it'\\''s "1".png' 'https://example.org/digits/mnist/classify?pattern=d%27d+d'`,
    );
    expect(codeOf('Python', asked, SERVICE)).toContain(String.raw`["it's \"1\".png"]`);
    expect(codeOf('Python', asked, SERVICE)).toContain(`params={"pattern": "d'd d"}`);
    expect(codeOf('JavaScript', asked, SERVICE)).toContain(String.raw`["it's \"1\".png"]`);
  });

  it('names the kind of a bare image, where the browser knows it', () => {
    const asked = { ...form, bodyType: 'image/*' };
    const as = (type: string): string => codeOf('curl', { ...asked, files: [{ name: 'a', type }] }, SERVICE);
    expect(as('image/webp')).toContain("-H 'content-type: image/webp' --data-binary '@a'");
    expect(as('')).toContain("'content-type: image/png'");
    expect(as('text/plain')).toContain("'content-type: image/png'");
  });

  it('sends all files of a form or a list', () => {
    const files = ['1.png', '2.png'].map((name) => ({ name, type: 'image/png' }));
    expect(codeOf('curl', { ...form, files }, SERVICE)).toContain("-F 'image=@1.png' -F 'image=@2.png'");
    const json = codeOf('curl', { ...form, bodyType: 'application/json', files }, SERVICE);
    expect(json).toMatch(
      /^printf '\{"requests":\[\{"image":"%s"\},\{"image":"%s"\}\]\}' "\$\(base64 < '1\.png'/,
    );
  });
});
