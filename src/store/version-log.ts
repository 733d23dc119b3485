import { Type, Value, type Static } from '../typebox.js';

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const VersionNumber = Type.Integer({ minimum: 1 });

/** One version of a store. */
export const StoredVersion = Type.Object({
  /** Counted from 1; a number is never used twice. */
  version: VersionNumber,
  /** Of its list of files; its folder has that name. */
  sha256: Sha256,
  /** Of the frame model. */
  modelSha256: Sha256,
  /** What the card of the frame model calls it. */
  name: Type.String(),
  /** Which networks it holds. */
  networks: Type.Array(Type.String()),
  /** Of all its files. */
  bytes: Type.Integer({ minimum: 0 }),
  /** ISO 8601. */
  added: Type.String(),
});
export type StoredVersion = Static<typeof StoredVersion>;

const Removal = Type.Object({ removed: VersionNumber, at: Type.String() });
type Removal = Static<typeof Removal>;

/** A line of `versions.jsonl`. */
export type LogRecord = StoredVersion | Removal;

/** What the lines say together. */
export interface VersionLog {
  /** Those that were not removed, in the order of their numbers. */
  readonly versions: readonly StoredVersion[];
  /** The number of the next one. */
  readonly next: number;
}

/**
 * A record as it is appended to a log.
 * @param text of the log: what a process left behind that was killed in the middle of a line gets its end first
 */
export function lineOf(record: LogRecord, text: string): string {
  const isMidLine = text !== '' && !text.endsWith('\n');
  return `${isMidLine ? '\n' : ''}${JSON.stringify(record)}\n`;
}

/** Reads the log. A line that is no record was cut off by a crash and counts for nothing. */
export function parseLog(text: string): VersionLog {
  const versions = new Map<number, StoredVersion>();
  let last = 0;
  for (const line of text.split('\n')) {
    const record = parseLine(line);
    if (record === undefined) continue;
    if ('removed' in record) {
      versions.delete(record.removed);
      last = Math.max(last, record.removed);
    } else if (record.version > last) {
      versions.set(record.version, record);
      last = record.version;
    }
  }
  return { versions: [...versions.values()], next: last + 1 };
}

function parseLine(line: string): LogRecord | undefined {
  if (line === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (Value.Check(Removal, value)) return value;
  return Value.Check(StoredVersion, value) ? value : undefined;
}
