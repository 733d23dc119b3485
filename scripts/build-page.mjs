// Bundles page/ into a folder: `node scripts/build-page.mjs FOLDER`. Types are checked by tsc; this only writes.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [folder = 'dist/page'] = process.argv.slice(2);
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
const sheets = ['base', 'desk', 'reading', 'number', 'images', 'screens'];
const styles = sheets.map((name) => readFileSync(join(source, 'style', `${name}.css`), 'utf8'));
writeFileSync(join(folder, 'style.css'), styles.join('\n'));
