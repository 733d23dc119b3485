import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Type, Value, type Static } from '../typebox.js';
import { isAlive } from '../files/is-alive.js';
import { naturalOrder } from '../files/list-images.js';

/** What a service that watches a store says of itself. */
export const ServiceStatus = Type.Object({
  host: Type.String(),
  pid: Type.Integer(),
  port: Type.Integer(),
  state: Type.Enum(['serving', 'checking', 'swapping']),
  /** The version that serves, and the one kept loaded for a rollback. */
  serving: Type.Integer(),
  previous: Type.Union([Type.Integer(), Type.Null()]),
  /** Read beside it, for comparison. */
  shadow: Type.Union([Type.Integer(), Type.Null()]),
  /** Which choice of a version (`id` of the pointer) it has dealt with, or is dealing with. */
  choice: Type.String(),
  /** The version that was refused last, and why. */
  refused: Type.Union([
    Type.Object({ version: Type.Integer(), choice: Type.String(), reason: Type.String(), at: Type.String() }),
    Type.Null(),
  ]),
  /** ISO 8601. */
  since: Type.String(),
});
export type ServiceStatus = Static<typeof ServiceStatus>;

const FOLDER = 'services';

/** How often a service says that it is still there, and after how long it is not, in milliseconds. */
export const REFRESH_MS = 5000;
const GONE_MS = 4 * REFRESH_MS;

/** Where a service of this process writes its status. */
export class StatusFile {
  readonly #folder: string;
  readonly #path: string;
  /** Writes take turns: the last one said is the one that stays. */
  #writing: Promise<void> = Promise.resolve();

  constructor(dir: string, pid = process.pid, host = hostname()) {
    this.#folder = join(dir, FOLDER);
    this.#path = join(this.#folder, `${host.replaceAll(/[^\w.-]/g, '_')}-${pid}.json`);
  }

  /** Replaces it whole. @throws Error where the folder cannot be written: a store may be read-only to a service */
  write(status: ServiceStatus): Promise<void> {
    const next = this.#writing.then(async () => {
      await mkdir(this.#folder, { recursive: true });
      const staged = `${this.#path}.tmp`;
      await writeFile(staged, `${JSON.stringify(status)}\n`);
      await rename(staged, this.#path);
    });
    this.#writing = next.catch(() => {});
    return next;
  }

  /** Says that the service is still there. */
  async refresh(): Promise<void> {
    const now = new Date();
    await utimes(this.#path, now, now).catch(() => {});
  }

  async remove(): Promise<void> {
    await this.#writing;
    await rm(this.#path, { force: true }).catch(() => {});
  }
}

/** The services that watch a store, on whatever machine; those that ended without a word are left out after a while. */
export async function readStatuses(dir: string, now = Date.now()): Promise<ServiceStatus[]> {
  const folder = join(dir, FOLDER);
  const names = await readdir(folder).catch(() => []);
  const found: ServiceStatus[] = [];
  for (const name of names.toSorted(naturalOrder)) {
    if (!name.endsWith('.json')) continue;
    const status = await readStatus(join(folder, name), now);
    if (status) found.push(status);
  }
  return found;
}

async function readStatus(path: string, now: number): Promise<ServiceStatus | undefined> {
  try {
    const { mtimeMs } = await stat(path);
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!Value.Check(ServiceStatus, value) || now - mtimeMs > GONE_MS) return undefined;
    return value.host === hostname() && !isAlive(value.pid) ? undefined : value;
  } catch {
    // It has just ended.
    return undefined;
  }
}
