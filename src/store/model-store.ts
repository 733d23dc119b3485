import { randomUUID } from 'node:crypto';
import { InkdigitError } from '../errors.js';
import { isFolder } from '../files/list-images.js';
import { cannotChange, makeFolder } from './durable-files.js';
import { parsePointer, pointTo, type Pointer } from './pointer.js';
import { StoreFiles, type StoreFilesDeps } from './store-files.js';
import { withLock, type LockSettings } from './store-lock.js';
import { readVersionBeside, readVersionFolder, VersionFolder, type VersionContent } from './version-files.js';
import { lineOf, parseLog, type StoredVersion, type VersionLog } from './version-log.js';

export interface StoreDeps extends Partial<StoreFilesDeps> {
  readonly now?: () => Date;
  readonly lock?: LockSettings;
}

/** What a store holds. */
export interface StoreListing {
  readonly versions: readonly StoredVersion[];
  /** Which one is to serve; undefined before the first was chosen. */
  readonly current: Pointer | undefined;
}

/**
 * Versions of models in a folder. A version never changes: its folder has the name of its SHA-256 and takes its place
 * whole, by one rename. `versions.jsonl` has a line for each that was added or removed, `current` says which one is to
 * serve. Processes that change a store take turns; those that read it need not wait, and see each change whole or not
 * at all. A crash at any point leaves what was there before or what was to be, and rubbish that the next change clears.
 */
export class ModelStore {
  readonly dir: string;
  readonly #files: StoreFiles;
  readonly #now: () => Date;
  readonly #newId: () => string;
  readonly #lock: LockSettings;

  constructor(
    dir: string,
    { now = () => new Date(), newId = randomUUID, onStep = () => {}, lock = {} }: StoreDeps = {},
  ) {
    this.dir = dir;
    this.#files = new StoreFiles(dir, { newId, onStep });
    this.#now = now;
    this.#newId = newId;
    this.#lock = lock;
  }

  /**
   * Adds a model, its card and the networks of pictures beside it.
   * @param check is called with what was read, before anything is written; what it throws refuses it
   * @returns the new version, or the one that holds the very same files
   * @throws InkdigitError `missing_file`, `invalid_model` or `write_failed`
   */
  async add(
    modelPath: string,
    check: (content: VersionContent) => Promise<void> = async () => {},
  ): Promise<{ readonly version: StoredVersion; readonly isNew: boolean }> {
    const content = await readVersionBeside(modelPath);
    await check(content);
    return this.#change(async () => {
      const text = (await this.#files.textOf('log')) ?? '';
      const log = parseLog(text);
      const known = log.versions.find(({ sha256 }) => sha256 === content.sha256);
      await this.#files.publish(content);
      if (known) return { version: known, isNew: false };
      const { model } = content.networks;
      const version: StoredVersion = {
        version: log.next,
        sha256: content.sha256,
        modelSha256: model.sha256,
        name: model.card.name,
        networks: Object.keys(content.networks),
        bytes: [...content.files.values()].reduce((sum, { length }) => sum + length, 0),
        added: this.#now().toISOString(),
      };
      await this.#files.appendToLog(lineOf(version, text));
      await this.#files.sync();
      return { version, isNew: true };
    });
  }

  /** @throws InkdigitError `missing_file` where there is no store, `invalid_model` where it cannot be understood */
  async list(): Promise<StoreListing> {
    const { versions } = await this.#readLog();
    return { versions, current: await this.current() };
  }

  /** @throws InkdigitError `invalid_model` */
  async current(): Promise<Pointer | undefined> {
    const text = await this.#files.textOf('current');
    return text === undefined ? undefined : parsePointer(text, this.#files.path('current'));
  }

  /** @throws InkdigitError `invalid_option` that names the versions there are */
  async find(number: number): Promise<StoredVersion> {
    return this.#versionIn(await this.#readLog(), number);
  }

  /**
   * Reads all files of a version and compares each with its SHA-256.
   * @throws InkdigitError `invalid_option`, `missing_file` or `invalid_model`
   */
  async read(number: number): Promise<VersionContent> {
    return this.readContent((await this.find(number)).sha256);
  }

  /**
   * The same for a version of which the SHA-256 is known, whatever the log says of it.
   * @throws InkdigitError `missing_file` or `invalid_model`
   */
  readContent(sha256: string): Promise<VersionContent> {
    return readVersionFolder(this.#files.contentPath(sha256), sha256);
  }

  /**
   * Opens a version of which not all is wanted.
   * @throws InkdigitError `missing_file` or `invalid_model`
   */
  openContent(sha256: string): Promise<VersionFolder> {
    return VersionFolder.open(this.#files.contentPath(sha256), sha256);
  }

  /**
   * Makes a version the current one. It is read anew before.
   * @throws InkdigitError `invalid_option`, `missing_file`, `invalid_model` or `write_failed`
   */
  use(number: number): Promise<Pointer> {
    return this.#change(() => this.#point(number));
  }

  /**
   * Makes the version current that was so before.
   * @throws InkdigitError as `use`, and `invalid_option` where there was none
   */
  rollback(): Promise<Pointer> {
    return this.#change(async () => {
      const current = await this.current();
      if (current?.previous === null || current === undefined) {
        throw new InkdigitError(
          'invalid_option',
          `There is nothing to roll back to: ${current ? `version ${current.version} is the first` : 'no version'} ` +
            `that was made current in ${this.dir}.`,
        );
      }
      return this.#point(current.previous);
    });
  }

  /**
   * Removes a version and its files.
   * @param inUse versions that services hold, and who
   * @throws InkdigitError `invalid_option` for the current one and those in use; `write_failed`
   */
  remove(number: number, inUse: ReadonlyMap<number, string> = new Map()): Promise<void> {
    return this.#change(async () => {
      const text = (await this.#files.textOf('log')) ?? '';
      const { sha256 } = this.#versionIn(parseLog(text), number);
      const current = await this.current();
      if (current?.version === number) {
        throw new InkdigitError(
          'invalid_option',
          `Version ${number} is the current one; make another current first.`,
        );
      }
      const user = inUse.get(number);
      if (user !== undefined)
        throw new InkdigitError('invalid_option', `Version ${number} is in use: ${user}.`);
      await this.#files.appendToLog(lineOf({ removed: number, at: this.#now().toISOString() }, text));
      await this.#files.discard(sha256);
    });
  }

  async #point(number: number): Promise<Pointer> {
    await this.read(number);
    // One that cannot be read is replaced like any other.
    const before = await this.current().catch(() => undefined);
    const pointer = pointTo(number, before, { id: this.#newId(), at: this.#now().toISOString() });
    await this.#files.flip(pointer);
    return pointer;
  }

  /** Does work that changes the store, alone, and clears first what a crash left behind. */
  async #change<T>(work: () => Promise<T>): Promise<T> {
    try {
      await makeFolder(this.dir);
      return await withLock(
        this.#files.path('lock'),
        async () => {
          const { versions } = parseLog((await this.#files.textOf('log')) ?? '');
          await this.#files.clear(new Set(versions.map(({ sha256 }) => sha256)));
          return work();
        },
        this.#lock,
      );
    } catch (thrown) {
      throw cannotChange(this.dir, thrown);
    }
  }

  async #readLog(): Promise<VersionLog> {
    const text = await this.#files.textOf('log');
    if (text !== undefined || (await isFolder(this.dir))) return parseLog(text ?? '');
    throw new InkdigitError(
      'missing_file',
      `There is no store of models in ${this.dir}. inkdigit models add FILE --models ${this.dir} makes one.`,
    );
  }

  #versionIn({ versions }: VersionLog, number: number): StoredVersion {
    const found = versions.find(({ version }) => version === number);
    if (found) return found;
    const known = versions.map(({ version }) => version).join(', ');
    throw new InkdigitError(
      'invalid_option',
      `There is no version ${number} in ${this.dir}; ${known === '' ? 'it is empty' : `there are ${known}`}.`,
    );
  }
}
