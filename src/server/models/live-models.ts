import type { HeldModels, LoadedVersion, ModelSource } from './held-models.js';

/**
 * The version that serves in a process, and the one before it, kept open for a rollback. A swap is one assignment:
 * requests that have begun end with the models that they began with, later ones begin with the new ones.
 */
export class LiveModels implements ModelSource {
  #serving: LoadedVersion;
  #previous: LoadedVersion | undefined;

  /** @param first becomes this one's to let go */
  constructor(first: LoadedVersion) {
    this.#serving = first;
  }

  get current(): HeldModels {
    return this.#serving;
  }

  get serving(): LoadedVersion {
    return this.#serving;
  }

  get previous(): LoadedVersion | undefined {
    return this.#previous;
  }

  /**
   * Serves `next` from now on.
   * @param next one that was just loaded, which becomes this one's to let go, or `previous`
   * @param keepsPrevious whether the version that served until now stays open
   */
  swap(next: LoadedVersion, keepsPrevious = true): void {
    if (next === this.#serving) return;
    const [served, older] = [this.#serving, this.#previous];
    this.#serving = next;
    this.#previous = keepsPrevious ? served : undefined;
    if (!keepsPrevious) served.letGo();
    if (older !== next) older?.letGo();
  }

  /** Lets go of all. */
  close(): void {
    this.#serving.letGo();
    this.#previous?.letGo();
    this.#previous = undefined;
  }
}
