import { describe, expect, it } from 'vitest';
import { MODEL_PARTS, PAGE_PARTS, siteFiles } from '../../../src/cli/page/site-files.js';
import { sha256Of } from '../../../src/sha256.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const page = new Map(
  PAGE_PARTS.map((name) => [
    name,
    bytesOf(name === 'index.html' ? '<head><meta charset="utf-8" /></head>' : name),
  ]),
);
const models = new Map(MODEL_PARTS.map((name) => [name, bytesOf(name)]));
const textOf = (site: ReturnType<typeof siteFiles>, path: string): string =>
  new TextDecoder().decode(site.get(path));

describe('siteFiles', () => {
  it('says in the page that there is no service, and forbids what it does not need', () => {
    const html = textOf(siteFiles(page, models), 'index.html');
    expect(html).toContain('<meta name="inkdigit-service" content="none" />');
    expect(html).toMatch(/Content-Security-Policy" content="default-src 'none'; script-src 'self';/);
    expect(html).not.toMatch(/unsafe|frame-ancestors/);
  });

  it('has the hash of every file but the one that keeps them', () => {
    const site = siteFiles(page, models);
    const [, list = '{}'] = /^const FILES = (\{.*\});\nsw\.js$/.exec(textOf(site, 'sw.js')) ?? [];
    const hashes = JSON.parse(list);
    expect(Object.keys(hashes).toSorted()).toEqual(
      [...site.keys()].filter((path) => path !== 'sw.js').toSorted(),
    );
    for (const [path, hash] of Object.entries(hashes))
      expect(hash).toBe(sha256Of(site.get(path) ?? bytesOf('')));
    expect(JSON.parse(textOf(site, 'manifest.webmanifest'))).toMatchObject({
      start_url: './',
      display: 'standalone',
    });
  });

  it('says what the package lacks', () => {
    expect(() => siteFiles(new Map(), models)).toThrow(/The package has no index\.html/);
  });
});
