// Writes the OpenAPI document: `node scripts/build/build-openapi.mjs FOLDER`, after tsc has filled FOLDER. The service
// serves the file as it is.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the document takes from files, relative to the repository. */
const FILES = {
  manifest: 'package.json',
  card: 'models/mnist.int8.json',
  seven: 'examples/digits/7.png',
  three: 'examples/digits/3.png',
  number: 'examples/numbers/2047.png',
};

/** Their paths: what decides, beside the sources, how the document looks. */
export const DOCUMENT_FILES = Object.values(FILES).map((name) => join(root, name));

/** What `openApiDocument` wants of this build. */
export function documentParts() {
  const read = (name) => readFileSync(join(root, FILES[name]));
  const image = (name) => read(name).toString('base64');
  return {
    version: JSON.parse(read('manifest')).version,
    images: { seven: image('seven'), three: image('three'), number: image('number') },
    card: JSON.parse(read('card')),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = 'dist'] = process.argv.slice(2);
  const built = pathToFileURL(resolve(folder, 'openapi', 'open-api-document.js')).href;
  const { openApiDocument } = await import(built);
  mkdirSync(join(folder, 'page'), { recursive: true });
  writeFileSync(join(folder, 'page', 'openapi.json'), JSON.stringify(openApiDocument(documentParts())));
}
