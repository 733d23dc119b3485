/** What was seen of each path. */
export type Seen = Readonly<Record<string, string>>;

/** Whether nothing has changed of what `keepSeen` was told. */
export function isUnchanged(file?: URL | string): boolean;

/** Files, and folders whose entries are not to become others. */
export function seeAll(paths: readonly string[]): Seen;

/** Keeps it for `isUnchanged`; nothing happens where it cannot be written. */
export function keepSeen(seen: Seen, file?: URL | string): void;
