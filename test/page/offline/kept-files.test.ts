import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeptSite, type FileCache } from '../../../page/offline/kept-files.js';

const SCOPE = 'https://example.org/digits/';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function fakeCache(): FileCache & { readonly content: Map<string, Response> } {
  const content = new Map<string, Response>();
  return {
    content,
    match: async (key) => content.get(key)?.clone(),
    put: async (key, response) => void content.set(key, response),
    keys: async () => [...content.keys()].map((url) => ({ url })),
    delete: async (key) => content.delete(key),
  };
}

/** A server of these files, and what it was asked for. */
function serverOf(files: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const load = async (address: string): Promise<Response> => {
    const path = address.slice(SCOPE.length);
    asked.push(path);
    const text = files[path];
    return text === undefined ? new Response('', { status: 404 }) : new Response(text);
  };
  return { asked, load };
}

const filesOf = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, sha256(text)]));

describe('KeptSite', () => {
  it('keeps all files, gives them by their addresses, and nothing else', async () => {
    const texts = { 'index.html': '<p>', 'page.js': '0', 'models/a.onnx': 'weights' };
    const cache = fakeCache();
    const site = new KeptSite(filesOf(texts), SCOPE, async () => cache);
    await site.fill(serverOf(texts).load);
    expect(await (await site.get(SCOPE))?.text()).toBe('<p>');
    expect(await (await site.get(`${SCOPE}?strokes=1#here`))?.text()).toBe('<p>');
    expect(await (await site.get(`${SCOPE}models/a.onnx`))?.text()).toBe('weights');
    expect(await site.get(`${SCOPE}toString`)).toBeUndefined();
    expect(await site.get('https://example.org/other')).toBeUndefined();
  });

  it('loads of a new version what has changed alone, and removes the old only when it takes over', async () => {
    const cache = fakeCache();
    const before = { 'index.html': '<p>', 'models/a.onnx': 'weights' };
    const old = new KeptSite(filesOf(before), SCOPE, async () => cache);
    await old.fill(serverOf(before).load);
    const after = { ...before, 'index.html': '<b>' };
    const site = new KeptSite(filesOf(after), SCOPE, async () => cache);
    const server = serverOf(after);
    await site.fill(server.load);
    expect(server.asked).toEqual(['index.html']);
    expect(await (await old.get(SCOPE))?.text()).toBe('<p>');
    await site.tidy();
    expect(cache.content.size).toBe(2);
    expect(await (await site.get(SCOPE))?.text()).toBe('<b>');
  });

  it('takes no file that is not the one that is meant', async () => {
    const texts = { 'index.html': '<p>' };
    const site = new KeptSite(filesOf(texts), SCOPE, async () => fakeCache());
    await expect(site.fill(serverOf({ 'index.html': 'sign in' }).load)).rejects.toThrow(/index\.html/);
    await expect(site.fill(serverOf({}).load)).rejects.toThrow(/index\.html/);
  });
});
