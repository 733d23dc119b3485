// Bundles page/ into a folder: `node scripts/build-page.mjs FOLDER`. Types are checked by tsc; this only writes.
import { copyFileSync, mkdirSync } from 'node:fs';
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
for (const name of ['index.html', 'style.css', 'icon.svg'])
  copyFileSync(join(source, name), join(folder, name));
