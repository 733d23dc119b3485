import { readFile } from 'node:fs/promises';
import { InkdigitError, messageOf } from '../../errors.js';
import { sha256Of } from '../../sha256.js';

/** One file of the page that the service shows to browsers. */
export interface PageFile {
  /** Its path on the service. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  /** Changes with the content: what a browser has kept is asked for again, and answered with 304. */
  readonly etag: string;
}

/** All there is: a handful of small files, kept in memory. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/**
 * Reads the page as the build wrote it; `index.html` comes first.
 * @param folder with a slash at its end
 * @throws InkdigitError `missing_file`
 */
export async function readPageFiles(folder: URL): Promise<PageFile[]> {
  return Promise.all(
    Object.entries(CONTENT_TYPES).map(async ([name, contentType]) => {
      const body = await readFile(new URL(name, folder)).catch((cause: unknown) => {
        const message = `Cannot read ${name} of the page: ${messageOf(cause)}. Build the project again: npm start.`;
        throw new InkdigitError('missing_file', message, { cause });
      });
      return { path: `/${name}`, contentType, body, etag: `"${sha256Of(body).slice(0, 32)}"` };
    }),
  );
}
