import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  directionsList,
  faultOfImport,
  placeOf,
  readRooms,
  withList,
} from '../scripts/import-directions.mjs';

const root = new URL('../', import.meta.url);
const rooms = readRooms();

/** TypeScript files of a folder and those below it, without their ending. */
function filesOf(folder: string): string[] {
  return readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/').slice(0, -'.ts'.length)}`);
}

describe('import-directions.json', () => {
  it('names every room once, and lets it import lower ones alone', () => {
    const names = rooms.map(({ room }) => room);
    expect(names).toEqual([...new Set(names)]);
    for (const [place, { room, may, mayTypesOf = [] }] of rooms.entries()) {
      for (const allowed of [...may, ...mayTypesOf].filter((name) => name !== '.')) {
        const own = placeOf(allowed, rooms);
        const within = names.flatMap((name, i) => (name.startsWith(`${allowed}/`) ? i : []));
        const lowest = Math.min(...within, own === -1 ? Infinity : own);
        expect(lowest, `${room} may import ${allowed}`).toBeLessThan(place);
      }
    }
  });

  it('has a room for every file of src/ and page/, and a file for every room', () => {
    const files = ['src', 'page'].flatMap(filesOf);
    expect(files.length).toBeGreaterThan(200);
    expect(files.filter((file) => placeOf(file, rooms) === -1)).toEqual([]);
    const used = new Set([...files, 'bench/main', 'fuzz/main'].map((file) => placeOf(file, rooms)));
    expect(rooms.filter((_, place) => !used.has(place))).toEqual([]);
  });

  it('is the list of docs/explanation/architecture.md: node scripts/import-directions.mjs writes it', async () => {
    const page = readFileSync(new URL('docs/explanation/architecture.md', root), 'utf8');
    expect(await withList(page, directionsList(rooms))).toBe(page);
  });
});

describe('faultOfImport', () => {
  const made = [
    { room: 'src/low', is: '', may: [] },
    { room: 'src/wire', is: '', may: [] },
    { room: 'src/high/inner', is: '', may: ['src/low'] },
    { room: 'src/high', is: '', may: ['src/low/a', 'src/high/inner', 'src/top'], mayTypesOf: ['src/wire'] },
    { room: 'src/top', is: '', may: ['src'], runsInBrowsers: true },
  ];
  const fault = (from: string, to: string, isOfTypes = false): string | null =>
    faultOfImport(from, to, made, isOfTypes);

  it.each([
    ['a room of itself', 'src/low/a', 'src/low/b'],
    ['a file that is allowed', 'src/high/a', 'src/low/a'],
    ['a room within', 'src/high/a', 'src/high/inner/b'],
    ['anything of src', 'src/top/a', 'src/high/inner/b'],
    ['Node.js', 'src/low/a', 'node:fs'],
  ])('lets %s be imported', (_, from, to) => expect(fault(from, to)).toBeNull());

  it.each([
    ['another file of a room', 'src/high/a', 'src/low/b'],
    ['a room whose name begins alike', 'src/high/a', 'src/low/ab'],
    ['a room that is not named', 'src/high/inner/a', 'src/wire/a'],
    ['what is named and listed later', 'src/high/a', 'src/top/a'],
    ['the room around', 'src/high/inner/a', 'src/high/a'],
    ['tests', 'src/top/a', 'test/helpers/a'],
    ['Node.js in a browser', 'src/top/a', 'node:fs'],
    ['anything by a file of no room', 'src/nowhere', 'src/low/a'],
  ])('refuses %s', (_, from, to) => expect(fault(from, to)).not.toBeNull());

  it('tells types from the rest', () => {
    expect(fault('src/high/a', 'src/wire/a', true)).toBeNull();
    expect(fault('src/high/a', 'src/wire/a')).toBe(
      'src/high may import low/a, high/inner, top, types of wire; got src/wire/a. ' +
        'import-directions.json lists what may import what.',
    );
  });
});

describe('directionsList', () => {
  it('names rooms of one folder once', () => {
    const list = directionsList([
      { room: 'src/a', is: 'first', may: [] },
      { room: 'src/b', is: 'second', may: ['src/a', 'src/c/d', 'src/c/e'], mayTypesOf: ['src/f'] },
    ]);
    expect(list.split('\n')).toEqual([
      '- **`src/a`**: first. May import nothing.',
      '- **`src/b`**: second. May import a, c/{d, e}, types of f.',
    ]);
  });
});
