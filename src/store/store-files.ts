import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, InkdigitError } from '../errors.js';
import { faultAndAdvice } from '../files/file-fault.js';
import { isFolder } from '../files/list-images.js';
import { appendDurably, makeFolder, renameDurably, syncFolder, writeDurably } from './durable-files.js';
import type { Pointer } from './pointer.js';
import { readVersionFolder, sumsOf, SUMS_FILE, type VersionContent } from './version-files.js';

/** What lies in the folder of a store. */
const LAYOUT = {
  log: 'versions.jsonl',
  current: 'current',
  content: 'store',
  staging: 'staging',
  lock: 'lock',
};

export interface StoreFilesDeps {
  /** A name that no other process uses. */
  readonly newId: () => string;
  /** Called before each step that changes what lies on the disk; what it throws ends the operation there. */
  readonly onStep: (step: string) => void;
}

/**
 * The files of a store, and the steps in which they change. Whatever is new is staged beside its place and takes it by
 * one rename, whatever goes is moved away by one: a crash between two steps leaves nothing half done at its place.
 */
export class StoreFiles {
  readonly #dir: string;
  readonly #newId: () => string;
  readonly #onStep: (step: string) => void;

  constructor(dir: string, { newId, onStep }: StoreFilesDeps) {
    this.#dir = dir;
    this.#newId = newId;
    this.#onStep = onStep;
  }

  path(name: keyof typeof LAYOUT): string {
    return join(this.#dir, LAYOUT[name]);
  }

  /** The folder of a version. */
  contentPath(sha256: string): string {
    return join(this.path('content'), sha256);
  }

  /**
   * Nothing where there is no such file.
   * @throws InkdigitError `missing_file` where there is one that cannot be read
   */
  async textOf(file: 'log' | 'current'): Promise<string | undefined> {
    try {
      return await readFile(this.path(file), 'utf8');
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return undefined;
      throw new InkdigitError('missing_file', `Cannot read ${this.path(file)}: ${faultAndAdvice(cause)}`, {
        cause,
      });
    }
  }

  async appendToLog(line: string): Promise<void> {
    this.#onStep('append to the log');
    await appendDurably(this.path('log'), line);
  }

  /** Makes sure of the names in the folder of the store. */
  async sync(): Promise<void> {
    this.#onStep('sync the folder');
    await syncFolder(this.#dir);
  }

  /** Says which version is current. */
  async flip(pointer: Pointer): Promise<void> {
    const staged = await this.#staged('current');
    this.#onStep('write the pointer');
    await writeDurably(staged, `${JSON.stringify(pointer)}\n`);
    this.#onStep('flip the pointer');
    await renameDurably(staged, this.path('current'));
  }

  /** Puts the files of a version in their place, unless they are there and whole. */
  async publish({ sha256, files }: VersionContent): Promise<void> {
    await makeFolder(this.path('content'));
    const place = this.contentPath(sha256);
    if (await isFolder(place)) {
      const isWhole = await readVersionFolder(place, sha256).then(
        () => true,
        () => false,
      );
      if (isWhole) return;
      await this.discard(sha256);
    }
    const staged = await this.#staged(sha256);
    this.#onStep('make a folder');
    await makeFolder(staged);
    for (const [name, bytes] of [...files, [SUMS_FILE, sumsOf(files)] as const]) {
      this.#onStep(`write ${name}`);
      await writeDurably(join(staged, name), bytes);
    }
    this.#onStep('sync the staged folder');
    await syncFolder(staged);
    this.#onStep('publish');
    await renameDurably(staged, place);
  }

  /** Moves a version's folder away by one rename, then deletes it: at its place it is whole or not there. */
  async discard(sha256: string): Promise<void> {
    const rubbish = await this.#staged('rubbish');
    this.#onStep('move away');
    await rename(this.contentPath(sha256), rubbish).catch((thrown: unknown) => {
      if (codeOf(thrown) !== 'ENOENT') throw thrown;
    });
    this.#onStep('delete');
    await rm(rubbish, { recursive: true, force: true });
  }

  /**
   * Whatever is staged while no one else changes anything is rubbish; so is content of no version.
   * @param known SHA-256 of the versions there are
   */
  async clear(known: ReadonlySet<string>): Promise<void> {
    await rm(this.path('staging'), { recursive: true, force: true });
    const names = await readdir(this.path('content')).catch(() => []);
    for (const name of names) if (!known.has(name)) await this.discard(name);
  }

  /** A name in the staging folder that no other process uses. */
  async #staged(name: string): Promise<string> {
    await makeFolder(this.path('staging'));
    return join(this.path('staging'), `${name}.${this.#newId()}`);
  }
}
