/** One entry of import-directions.json. */
export interface Room {
  readonly room: string;
  readonly is: string;
  readonly may: readonly string[];
  readonly mayTypesOf?: readonly string[];
  readonly runsInBrowsers?: boolean;
}

/** From the lowest to the highest. */
export function readRooms(): readonly Room[];

/** The place of the innermost room that has a file; -1 where none has. */
export function placeOf(path: string, rooms: readonly Room[]): number;

/** What is wrong with an import; `null` where nothing is. */
export function faultOfImport(
  from: string,
  to: string,
  rooms: readonly Room[],
  isOfTypes?: boolean,
): string | null;

/** The rooms as a list of Markdown. */
export function directionsList(rooms: readonly Room[]): string;

/** A page with this list between its markers, formatted. */
export function withList(page: string, list: string): Promise<string>;
