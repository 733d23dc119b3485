import type { Correction } from '../../share/corrections.js';

const DATABASE = 'inkdigit';
const STORE = 'corrections';

/**
 * Corrections, kept by the browser on this device. Where it keeps nothing for pages, they are kept until the page is
 * closed.
 */
export class CorrectionStore {
  readonly #memory = new Map<string, Correction>();
  #database: Promise<IDBDatabase> | null = null;

  /** All of them, in no order. */
  async all(): Promise<readonly Correction[]> {
    const kept = await this.#ask<Correction[]>('readonly', (store) => store.getAll());
    return kept ?? [...this.#memory.values()];
  }

  /** The label that a picture had before; `undefined` where it had none. */
  async put(correction: Correction): Promise<void> {
    this.#memory.set(correction.sha256, correction);
    await this.#ask('readwrite', (store) => store.put(correction));
  }

  async remove(sha256: string): Promise<void> {
    this.#memory.delete(sha256);
    await this.#ask('readwrite', (store) => store.delete(sha256));
  }

  async clear(): Promise<void> {
    this.#memory.clear();
    await this.#ask('readwrite', (store) => store.clear());
  }

  /** @returns `null` where the browser keeps nothing */
  async #ask<T>(
    mode: IDBTransactionMode,
    question: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | null> {
    try {
      this.#database ??= openDatabase();
      const database = await this.#database;
      return await resultOf(question(database.transaction(STORE, mode).objectStore(STORE)));
    } catch {
      return null;
    }
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(STORE, { keyPath: 'sha256' });
  });
  return resultOf(request);
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('the browser keeps nothing')));
  });
}
