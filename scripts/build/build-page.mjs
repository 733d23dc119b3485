// Bundles page/ into a folder: `node scripts/build/build-page.mjs FOLDER`. Types are checked by tsc; this only writes.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

const [folder = 'dist/page'] = process.argv.slice(2);
/** What fits into one packet arrives no sooner when it is compressed. */
const MIN_BYTES = 1400;

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'page');

/** The sample digits that the page of the API offers to send. */
const SAMPLE_FOLDERS = ['examples/digits', 'examples/numbers'];

/** For the browser, each in one file; of styles, later sheets go before earlier ones. */
const SCRIPTS = {
  'page.js': 'main.ts',
  'docs.js': 'docs/docs-page.ts',
  'reader.js': 'readers/reader-worker.ts',
  'sw.js': 'offline/service-worker.ts',
};
/** Programs of workers: some browsers know modules in pages alone. */
const CLASSIC = new Set(['reader.js', 'sw.js']);
const STYLES = {
  'style.css': ['base', 'controls', 'desk', 'welcome', 'reading', 'answer', 'number', 'images', 'screens'],
  'docs.css': ['base', 'controls', 'docs', 'try', 'docs-screens'],
};
const PAGES = { 'index.html': 'index.html', 'docs.html': 'docs/docs.html' };
const COPIES = { 'icon.svg': 'page/icon.svg', 'sample.jpg': 'examples/digits/4-photo.jpg' };

/** Where the pages have what is the same in the head of each. */
const HEAD = '<!-- head.html -->';

mkdirSync(folder, { recursive: true });
for (const [name, entry] of Object.entries(SCRIPTS)) {
  await build({
    entryPoints: { [name.replace(/\.js$/, '')]: join(source, entry) },
    outdir: folder,
    // What the page imports when it is needed, as a language, is a file of its own; what such files share is
    // `chunk.js`.
    splitting: entry === 'main.ts',
    chunkNames: '[name]',
    define: {
      SAMPLES: JSON.stringify(samples()),
      FRAMES_SHA256: JSON.stringify(framesSha256()),
      ...(CLASSIC.has(name) && { 'import.meta.url': 'self.location.href' }),
    },
    bundle: true,
    minify: true,
    format: CLASSIC.has(name) ? 'iife' : 'esm',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
  });
}
for (const [name, from] of Object.entries(COPIES)) copyFileSync(join(root, from), join(folder, name));
const head = readFileSync(join(source, 'head.html'), 'utf8').trim().replaceAll('\n', '\n    ');
const words = await english();
for (const [name, from] of Object.entries(PAGES)) {
  const page = readFileSync(join(source, from), 'utf8');
  if (!page.includes(HEAD)) throw new Error(`Expected ${HEAD} in page/${from}.`);
  writeFileSync(join(folder, name), fillTexts(withParts(page.replace(HEAD, head)), words));
}
for (const [name, sheets] of Object.entries(STYLES)) {
  const styles = sheets.map((sheet) => readFileSync(join(source, 'style', `${sheet}.css`), 'utf8'));
  const { code } = await transform(styles.join('\n'), { loader: 'css', minify: true });
  writeFileSync(join(folder, name), code);
}

for (const name of readdirSync(folder).filter((one) => !/\.(br|gz|jpg)$/.test(one))) {
  const bytes = readFileSync(join(folder, name));
  if (bytes.length < MIN_BYTES) continue;
  writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes));
  writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}

/** Of the model of frames that ships: a service that has another one is asked, whatever the page could read itself. */
function framesSha256() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'models', 'mnist.int8.onnx')))
    .digest('hex');
}

/** Those of 28x28, and numbers, with the paths that they have in the repository. */
function samples() {
  return SAMPLE_FOLDERS.flatMap((within) =>
    readdirSync(join(root, within))
      .filter((name) => /^\d+\.png$/.test(name))
      .toSorted()
      .map((name) => ({
        path: `${within}/${name}`,
        base64: readFileSync(join(root, within, name)).toString('base64'),
      })),
  );
}

/** The texts of the page in English, as `page/words/en.ts` has them. */
async function english() {
  const { code } = await transform(readFileSync(join(source, 'words', 'en.ts'), 'utf8'), { loader: 'ts' });
  const { EN } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return EN;
}

/** Puts files in the place of comments that name them: `<!-- files/files.html -->`. */
function withParts(html) {
  return html.replaceAll(/^( *)<!-- ([\w/-]+\.html) -->/gm, (_, indent, name) =>
    readFileSync(join(source, name), 'utf8')
      .trimEnd()
      .replaceAll(/^(?=.)/gm, indent),
  );
}

/** Writes the texts into the document, so that it is whole before any script has run. */
function fillTexts(html, texts) {
  const textOf = (key) => {
    if (texts[key] === undefined)
      throw new Error(`page/index.html wants the text "${key}", which page/words/en.ts lacks`);
    return texts[key].replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  };
  return html
    .replaceAll(/data-t-([a-z-]+)="(\w+)"/g, (whole, name, key) => `${whole} ${name}="${textOf(key)}"`)
    .replaceAll(/(data-t="(\w+)"[^>]*>)(?=<\/)/g, (whole, tag, key) => tag + textOf(key));
}
