import { existsSync, readFileSync } from 'node:fs';
import { InkdigitError, messageOf } from '../../errors.js';
import { sha256Of } from '../../sha256.js';
import { CODINGS, type Coding } from './content-coding.js';

/** One file that the service serves as it is: of its page, of the page of the API, the OpenAPI document. */
export interface PageFile {
  /** Its path on the service. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  /** Changes with the content: what a browser has kept is asked for again, and answered with 304. */
  readonly etag: string;
  /** The same, compressed by the build; none where that does not pay. */
  readonly encoded: readonly EncodedBody[];
}

/** A file in a coding; what a cache keeps of one coding is never taken for another. */
export interface EncodedBody {
  readonly coding: Coding;
  readonly body: Buffer;
  readonly etag: string;
}

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

/** All there is: a handful of small files, kept in memory. */
export const PAGE_FILES: readonly {
  readonly name: string;
  readonly path: string;
  readonly contentType: string;
}[] = [
  { name: 'index.html', path: '/index.html', contentType: HTML },
  { name: 'page.js', path: '/page.js', contentType: SCRIPT },
  { name: 'chunk.js', path: '/chunk.js', contentType: SCRIPT },
  { name: 'later.js', path: '/later.js', contentType: SCRIPT },
  { name: 'de.js', path: '/de.js', contentType: SCRIPT },
  { name: 'es.js', path: '/es.js', contentType: SCRIPT },
  { name: 'fr.js', path: '/fr.js', contentType: SCRIPT },
  { name: 'reader.js', path: '/reader.js', contentType: SCRIPT },
  { name: 'style.css', path: '/style.css', contentType: STYLE },
  { name: 'icon.svg', path: '/icon.svg', contentType: 'image/svg+xml' },
  { name: 'sample.jpg', path: '/sample.jpg', contentType: 'image/jpeg' },
  { name: 'docs.html', path: '/docs', contentType: HTML },
  { name: 'docs.js', path: '/docs.js', contentType: SCRIPT },
  { name: 'docs.css', path: '/docs.css', contentType: STYLE },
  { name: 'openapi.json', path: '/openapi.json', contentType: 'application/json' },
];

/** The endings that the build gives to compressed files. */
const ENDINGS: Readonly<Record<Coding, string>> = { br: '.br', gzip: '.gz' };

/**
 * Reads the page as the build wrote it; `index.html` comes first. At once: for files as small as these, to wait for
 * others takes twice as long.
 * @param folder with a slash at its end
 * @throws InkdigitError `missing_file`
 */
export function readPageFiles(folder: URL): PageFile[] {
  return PAGE_FILES.map(({ name, path, contentType }) => {
    const body = readPart(new URL(name, folder));
    const tag = sha256Of(body).slice(0, 32);
    const encoded = CODINGS.flatMap((coding): EncodedBody[] => {
      const bytes = readIfThere(new URL(name + ENDINGS[coding], folder));
      return bytes ? [{ coding, body: bytes, etag: `"${tag}-${coding}"` }] : [];
    });
    return { path, contentType, body, etag: `"${tag}"`, encoded };
  });
}

function readPart(file: URL): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const name = file.pathname.split('/').at(-1);
    const message = `Cannot read ${name} of the page: ${messageOf(cause)}. Build the project again: npm start.`;
    throw new InkdigitError('missing_file', message, { cause });
  }
}

/** Files that do not get smaller have no compressed form. */
function readIfThere(file: URL): Buffer | null {
  return existsSync(file) ? readPart(file) : null;
}
