import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folders whose Markdown people read. */
const FOLDERS = ['docs', 'examples', 'src', '.github'];

/** Every page of Markdown, relative to the repository, with `/` between folders. */
export function listPages(folders: readonly string[] = FOLDERS): string[] {
  const there = folders.filter((folder) => existsSync(join(root, folder)));
  const inFolders = there.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      posix.join(folder, name.split(sep).join('/')),
    ),
  );
  const atTop = folders === FOLDERS ? readdirSync(root) : [];
  // The changelog keeps the links of its time.
  return [...atTop, ...inFolders]
    .filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md')
    .toSorted();
}

/** The text of a page. @param name relative to the repository */
export function readPage(name: string): string {
  return readFileSync(join(root, name), 'utf8');
}

/** The content of every code block in a language, in order. */
export function codeBlocks(page: string, language: string): string[] {
  const blocks = page.matchAll(/^```(\w*)\n([^]*?)^```$/gm);
  return [...blocks].filter(([, of]) => of === language).map(([, , block = '']) => block);
}

/** The commands of every `sh` block, in order: what a reader is to type. Those of pipes go on after a line's end. */
export function commandsOf(page: string): string[] {
  return codeBlocks(page, 'sh').flatMap((block) => block.trim().split(/(?<!\|)\n/));
}

/** A page without its code, which may look like links. */
export function proseOf(page: string): string {
  return page.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

/** The anchors of a page, as GitHub makes them of its headings: `## What is it?` -> `what-is-it`. */
export function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of page.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
    let unique = anchor;
    for (let i = 1; anchors.has(unique); i++) unique = `${anchor}-${i}`;
    anchors.add(unique);
  }
  return anchors;
}
