// Which way imports point: reads import-directions.json, the one list that the lint rule (lint-plugin.mjs), the table
// in docs/explanation/architecture.md and test/import-directions.test.ts come from.
// `node scripts/import-directions.mjs` writes the table.
//
// The list has the rooms of src/ and page/, the lowest first: a folder or a file without its ending, what it is, and
// what it may import. A room may import nothing that is listed after it, so that no two can import each other.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LIST = new URL('../import-directions.json', import.meta.url);
const PAGE_OF_TABLE = new URL('../docs/explanation/architecture.md', import.meta.url);

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
 * The rooms as a table of Markdown.
 * @param {readonly Room[]} rooms
 */
export function directionsTable(rooms) {
  const rows = [
    ['room', 'what it is', 'may import'],
    ...rooms.map((room) => [`\`${room.room}\``, room.is, wordsOf(room)]),
  ];
  // Code points, as prettier counts them.
  const widthOf = (cell) => [...cell].length;
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => widthOf(row[column]))));
  const line = (row) =>
    `| ${row.map((cell, column) => cell + ' '.repeat(widths[column] - widthOf(cell))).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [head, widths.map((width) => '-'.repeat(width)), ...body].map(line).join('\n');
}

function shortName(path) {
  return path === 'src' || path === '.' ? 'anything' : path.replace(/^src\//, '');
}

const BEGIN = '<!-- import-directions -->';
const END = '<!-- end -->';

/**
 * A page with this table between its markers.
 * @param {string} page
 * @param {string} table
 */
export function withTable(page, table) {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END, begin);
  if (begin === -1 || end === -1) throw new Error(`Expected ${BEGIN} and ${END} in the page.`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${page.slice(end)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = readFileSync(PAGE_OF_TABLE, 'utf8');
  writeFileSync(PAGE_OF_TABLE, withTable(page, directionsTable(readRooms())));
}
