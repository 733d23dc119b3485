// `npm run check:openapi`: lints the OpenAPI document of the build with Redocly, and writes the types that
// openapi-typescript makes of it. Both are fetched by npm for this alone: the one is large, the other needs an older
// TypeScript than this project.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The types, and the hash of what they were made of; a test compares it with the document. */
export const TYPES_FILE = join(root, 'test', 'openapi', 'generated-types.d.ts');

/** What no type depends on. */
const WORDS = new Set(['info', 'description', 'summary', 'example', 'examples', 'x-errors']);

/** Changes with everything in a document that its types depend on. */
export function shapeHash(document) {
  const shape = JSON.stringify(document, (key, value) => (WORDS.has(key) ? undefined : value));
  return createHash('sha256').update(shape).digest('hex');
}

/** Types without the comments that repeat the document. */
function withoutComments(types) {
  return types.replaceAll(/^ *\/\*\*[^]*?\*\/\n/gm, '').replaceAll(/\/\*\*[^]*?\*\/ ?/g, '');
}

async function check() {
  const { ensureReady, runNpm } = await import('./setup.mjs');
  ensureReady();
  const file = join(root, 'dist', 'page', 'openapi.json');
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-openapi-'));
  const exec = (title, packages, ...command) => {
    const from = packages.map((name) => `--package=${name}`);
    // Elsewhere, so that npm takes none of these from this project.
    runNpm(title, ['exec', '--yes', ...from, '--', ...command], folder);
  };
  try {
    exec('Linting (redocly)', ['@redocly/cli@2'], 'redocly', 'lint', '--extends=recommended-strict', file);
    const written = join(folder, 'types.ts');
    const packages = ['openapi-typescript@7', 'typescript@5'];
    exec('Making types (openapi-typescript)', packages, 'openapi-typescript', file, '-o', written);
    const hash = shapeHash(JSON.parse(readFileSync(file, 'utf8')));
    const head = `// Written by npm run check:openapi, of a document with the shape ${hash}.\n`;
    const { format, resolveConfig } = await import('prettier');
    const text = head + withoutComments(readFileSync(written, 'utf8'));
    const options = { ...(await resolveConfig(TYPES_FILE)), filepath: TYPES_FILE };
    writeFileSync(TYPES_FILE, await format(text, options));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await check();
