// Whether a clone is as it was when it was last found ready. Every command begins with this, so that it looks at no
// file's content and loads as little as it can.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Files are named from here: a copy of a clone looks at its own. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** It goes with the build that it speaks of. */
const SEEN_FILE = new URL('../dist/.build-seen', import.meta.url);

/** Whether nothing has changed of what `keepSeen` was told. */
export function isUnchanged(file = SEEN_FILE) {
  try {
    const seen = Object.entries(JSON.parse(readFileSync(file, 'utf8')));
    return seen.every(([path, then]) => see(join(ROOT, path)) === then);
  } catch {
    // Nothing was kept, or half of it; or something is gone.
    return false;
  }
}

/** Files, and folders whose entries are not to become others: what to compare later. */
export function seeAll(paths) {
  return Object.fromEntries(paths.map((path) => [relative(ROOT, path), see(path)]));
}

/** Keeps what was seen before it was looked at more closely. */
export function keepSeen(seen, file = SEEN_FILE) {
  try {
    writeFileSync(file, JSON.stringify(seen));
  } catch {
    // Where nothing may be written, the next command looks closely again.
  }
}

/** No program can set back the time at which a file last changed, its content, its name or its entries. */
function see(path) {
  const { size, ctimeMs } = statSync(path);
  return `${size} ${ctimeMs}`;
}
