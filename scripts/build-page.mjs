// Bundles page/ into a folder: `node scripts/build-page.mjs FOLDER`. Types are checked by tsc; this only writes.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const [folder = 'dist/page'] = process.argv.slice(2);
/** What fits into one packet arrives no sooner when it is compressed. */
const MIN_BYTES = 1400;

const source = fileURLToPath(new URL('../page/', import.meta.url));

mkdirSync(folder, { recursive: true });
await build({
  entryPoints: [join(source, 'main.ts')],
  outfile: join(folder, 'page.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
});
for (const name of ['index.html', 'icon.svg']) copyFileSync(join(source, name), join(folder, name));
// One file for the browser, in the order in which later rules go before earlier ones.
const sheets = ['base', 'desk', 'reading', 'images', 'screens'];
const styles = sheets.map((name) => readFileSync(join(source, 'style', `${name}.css`), 'utf8'));
writeFileSync(join(folder, 'style.css'), styles.join('\n'));

for (const name of readdirSync(folder).filter((one) => !/\.(br|gz)$/.test(one))) {
  const bytes = readFileSync(join(folder, name));
  if (bytes.length < MIN_BYTES) continue;
  writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes));
  writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}
