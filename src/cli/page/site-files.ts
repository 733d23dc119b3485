import { MODEL_NAMES } from '../../browser/model-names.js';
import { InkdigitError } from '../../errors.js';
import { PAGE_POLICY } from '../../server/routes/page-policy.js';
import { sha256Of } from '../../sha256.js';

/** Files of a site: path with `/` -> content. */
export type SiteFiles = ReadonlyMap<string, Uint8Array>;

/** What a site has of the page that the build wrote, under the same names. */
export const PAGE_PARTS = [
  'index.html',
  'page.js',
  'chunk.js',
  'later.js',
  'de.js',
  'es.js',
  'fr.js',
  'reader.js',
  'style.css',
  'icon.svg',
  'sample.jpg',
  'sw.js',
] as const;

/** The models of a site and the card of the first, from the package. */
export const MODEL_PARTS = [...Object.values(MODEL_NAMES), 'mnist.int8.json'];

/** The program that keeps the site for times without a network, and the list that it begins with. */
const OFFLINE_PROGRAM = 'sw.js';

/** What a header says to a service's page: a server of files may not send any. */
const POLICY = [...PAGE_POLICY, "manifest-src 'self'"].join('; ');

/** Where the additions to the head of the page go: before everything that they are about. */
const HEAD = '<meta charset="utf-8" />';

const MANIFEST = {
  name: 'inkdigit: draw a digit, see how it is read',
  short_name: 'inkdigit',
  description: 'Reads handwritten digits on your device.',
  start_url: './',
  scope: './',
  display: 'standalone',
  background_color: '#f6f3ec',
  theme_color: '#f6f3ec',
  icons: [{ src: 'icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any maskable' }],
};

/**
 * Makes a site of the page: it needs a server of files, and no service.
 * @param page `PAGE_PARTS` by their names
 * @param models `MODEL_PARTS` by their names
 * @throws InkdigitError `missing_file` where one is not there
 */
export function siteFiles(page: SiteFiles, models: SiteFiles): SiteFiles {
  const site = new Map<string, Uint8Array>();
  for (const name of PAGE_PARTS) site.set(name, partOf(page, name));
  for (const name of MODEL_PARTS) site.set(`models/${name}`, partOf(models, name));
  const html = new TextDecoder().decode(partOf(page, 'index.html'));
  if (!html.includes(HEAD)) throw new Error(`index.html has no ${HEAD}`);
  const additions = [
    HEAD,
    '<meta name="inkdigit-service" content="none" />',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}" />`,
    '<link rel="manifest" href="manifest.webmanifest" />',
  ];
  site.set('index.html', bytesOf(html.replace(HEAD, additions.join('\n    '))));
  site.set('manifest.webmanifest', bytesOf(`${JSON.stringify(MANIFEST, null, 2)}\n`));
  const kept = [...site].filter(([path]) => path !== OFFLINE_PROGRAM);
  const hashes = Object.fromEntries(kept.map(([path, content]) => [path, sha256Of(content)]));
  const program = new TextDecoder().decode(partOf(page, OFFLINE_PROGRAM));
  site.set(OFFLINE_PROGRAM, bytesOf(`const FILES = ${JSON.stringify(hashes)};\n${program}`));
  return site;
}

function partOf(parts: SiteFiles, name: string): Uint8Array {
  const part = parts.get(name);
  if (part) return part;
  throw new InkdigitError('missing_file', `The package has no ${name}. Install inkdigit anew.`);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
