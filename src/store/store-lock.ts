import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, InkdigitError } from '../errors.js';
import { faultAndAdvice } from '../files/file-fault.js';
import { isAlive } from '../files/is-alive.js';

/** Who holds a lock. */
interface Owner {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
}

export interface LockSettings {
  /** How long to wait for another process, in milliseconds. */
  readonly timeoutMs?: number;
  /** A lock that is older was left behind: what it protects takes seconds. */
  readonly staleMs?: number;
}

const RETRY_MS = 20;

/**
 * Does work while no other process does any under the same lock. A lock whose process died is broken; who breaks one
 * first takes a second lock that only one process can have, so that no two break the lock of a third.
 * @throws InkdigitError `write_failed` when it cannot be had in time
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  { timeoutMs = 30_000, staleMs = 600_000 }: LockSettings = {},
): Promise<T> {
  const id = randomUUID();
  const endMs = performance.now() + timeoutMs;
  while (!(await take(path, id))) {
    const owner = await ownerOf(path);
    if (owner && (await isLeftBehind(path, owner, staleMs))) await breakLock(path, owner, staleMs);
    if (performance.now() > endMs) throw inUse(path, owner, timeoutMs);
    await delay(RETRY_MS);
  }
  try {
    return await work();
  } finally {
    if ((await ownerOf(path))?.id === id) await rm(path, { force: true });
  }
}

/** @returns whether it was free */
async function take(path: string, id: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      const owner: Owner = { id, pid: process.pid, host: hostname() };
      await file.writeFile(JSON.stringify(owner));
    } finally {
      await file.close();
    }
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw new InkdigitError('write_failed', `Cannot lock the store by ${path}: ${faultAndAdvice(cause)}`, {
      cause,
    });
  }
}

/** Nothing where the lock is gone, or its owner has not written its name yet. */
async function ownerOf(path: string): Promise<Owner | undefined> {
  try {
    const owner: Partial<Owner> = JSON.parse(await readFile(path, 'utf8'));
    const { id, pid, host } = owner;
    if (id !== undefined && pid !== undefined && host !== undefined) return { id, pid, host };
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
  }
  // One that died between making the file and writing into it leaves an owner whom no one knows.
  return { id: 'unnamed', pid: 0, host: '' };
}

async function isLeftBehind(path: string, { pid, host }: Owner, staleMs: number): Promise<boolean> {
  if (pid > 0 && host === hostname() && !isAlive(pid)) return true;
  const ageMs = await ageOf(path);
  return ageMs > (pid === 0 ? Math.min(staleMs, UNNAMED_MS) : staleMs);
}

/** Writing a name takes less than this, in milliseconds. */
const UNNAMED_MS = 5000;

async function breakLock(path: string, owner: Owner, staleMs: number): Promise<void> {
  const breaking = `${path}.${owner.id}.breaking`;
  if (!(await take(breaking, owner.id))) {
    if ((await ageOf(breaking)) > staleMs) await rm(breaking, { force: true });
    return;
  }
  try {
    const now = await ownerOf(path);
    if (now?.id === owner.id && (await isLeftBehind(path, now, staleMs))) await rm(path, { force: true });
  } finally {
    await rm(breaking, { force: true });
  }
}

/** Milliseconds since a file was written; 0 where it is gone. */
async function ageOf(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
}

function inUse(path: string, owner: Owner | undefined, timeoutMs: number): InkdigitError {
  const by = owner && owner.pid > 0 ? `process ${owner.pid} on ${owner.host}` : 'another process';
  return new InkdigitError(
    'write_failed',
    `The store is in use by ${by}, for ${timeoutMs} ms now (${path}). Try again; if no such process runs, delete ` +
      'that file.',
  );
}
