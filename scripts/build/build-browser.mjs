// Bundles `inkdigit/browser`: `node scripts/build/build-browser.mjs FOLDER`, after tsc has filled FOLDER. A page that
// takes it from a server of files, without a bundler of its own, loads one file and not some sixty.
import { join } from 'node:path';
import { build } from 'esbuild';

const [folder = 'dist'] = process.argv.slice(2);
const file = join(folder, 'browser', 'browser.js');

await build({
  entryPoints: [file],
  outfile: file,
  allowOverwrite: true,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
});
