// Which way imports point: reads import-directions.json, the one source of the lint rule (lint-plugin.mjs), the
// list in docs/explanation/architecture.md and test/import-directions.test.ts.
// `node scripts/import-directions.mjs` writes the list of the page.
//
// The list has the rooms of src/ and page/, the lowest first: a folder or a file without its ending, what it is, and
// what it may import. A room may import nothing that is listed after it, so that no two can import each other.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LIST = new URL('../import-directions.json', import.meta.url);
const PAGE_OF_LIST = new URL('../docs/explanation/architecture.md', import.meta.url);

/**
 * @typedef {object} Room
 * @property {string} room a folder, or a file without its ending, from the root of the repository
 * @property {string} is what it is, in a few words
 * @property {readonly string[]} may folders and files that it may import beside itself, with all below them;
 *   `.` is anything, tests and scripts too
 * @property {readonly string[]} [mayTypesOf] those of which it may import types alone
 * @property {boolean} [runsInBrowsers] whether it may import nothing of Node.js
 */

/** @returns {readonly Room[]} from the lowest to the highest */
export function readRooms() {
  return JSON.parse(readFileSync(LIST, 'utf8'));
}

/**
 * @param {string} path without its ending, as `src/image/frame`
 * @param {readonly Room[]} rooms
 * @returns {number} the place of the innermost room that has it; -1 where none has
 */
export function placeOf(path, rooms) {
  let found = -1;
  rooms.forEach(({ room }, place) => {
    if (isWithin(path, room) && room.length > (rooms[found]?.room.length ?? 0)) found = place;
  });
  return found;
}

/**
 * What is wrong with an import; `null` where nothing is.
 * @param {string} from the file that imports, without its ending, as `src/image/frame`
 * @param {string} to what it imports: a file of the same kind, or a module of Node.js as `node:fs`
 * @param {readonly Room[]} rooms
 * @param {boolean} isOfTypes whether it is an `import type`
 * @returns {string | null}
 */
export function faultOfImport(from, to, rooms, isOfTypes = false) {
  const place = placeOf(from, rooms);
  const own = rooms[place];
  if (!own) return `${from} lies in no room: give import-directions.json the room that it belongs to.`;
  if (to.startsWith('node:')) {
    return own.runsInBrowsers ? `${own.room} runs in browsers, which have no ${to}.` : null;
  }
  const target = placeOf(to, rooms);
  if (target === place || own.may.includes('.')) return null;
  const allowed = isOfTypes ? [...own.may, ...(own.mayTypesOf ?? [])] : own.may;
  if (allowed.some((room) => isWithin(to, room)) && target !== -1 && target < place) return null;
  return `${own.room} may import ${wordsOf(own)}; got ${to}. import-directions.json lists what may import what.`;
}

/** @param {Room} room */
function wordsOf({ may, mayTypesOf = [] }) {
  const types = mayTypesOf.map((room) => `types of ${shortName(room)}`);
  return [...grouped(may.map(shortName)), ...types].join(', ') || 'nothing';
}

/** Rooms of one folder as one: `server/log`, `server/http` -> `server/{log, http}`. */
function grouped(names) {
  const folderOf = (name) => name.slice(0, name.lastIndexOf('/') + 1);
  const folders = [...new Set(names.map((name) => folderOf(name) || name))];
  return folders.map((folder) => {
    const inIt = names.filter((name) => folder.endsWith('/') && folderOf(name) === folder);
    return inIt.length > 1
      ? `${folder}{${inIt.map((name) => name.slice(folder.length)).join(', ')}}`
      : (inIt[0] ?? folder);
  });
}

/** `.` has everything. */
function isWithin(path, room) {
  return room === '.' || path === room || path.startsWith(`${room}/`);
}

/**
 * The rooms as a list of Markdown, the lowest first.
 * @param {readonly Room[]} rooms
 */
export function directionsList(rooms) {
  return rooms.map((room) => `- **\`${room.room}\`**: ${room.is}. May import ${wordsOf(room)}.`).join('\n');
}

function shortName(path) {
  return path === 'src' || path === '.' ? 'anything' : path.replace(/^src\//, '');
}

const BEGIN = '<!-- import-directions -->';
const END = '<!-- end -->';

/**
 * A page with this list between its markers, as the formatter wants it.
 * @param {string} page
 * @param {string} list
 */
export async function withList(page, list) {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END, begin);
  if (begin === -1 || end === -1) throw new Error(`Expected ${BEGIN} and ${END} in the page.`);
  const whole = `${page.slice(0, begin + BEGIN.length)}\n\n${list}\n\n${page.slice(end)}`;
  // Loaded here, as the lint rule needs the rest of this file alone.
  const { format, resolveConfig } = await import('prettier');
  const filepath = fileURLToPath(PAGE_OF_LIST);
  return format(whole, { ...(await resolveConfig(filepath)), filepath, proseWrap: 'always' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = readFileSync(PAGE_OF_LIST, 'utf8');
  writeFileSync(PAGE_OF_LIST, await withList(page, directionsList(readRooms())));
}
