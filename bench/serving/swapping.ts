import { setTimeout as delay } from 'node:timers/promises';
import type { ModelStore } from '../../src/store/model-store.js';
import { readStatuses, type ServiceStatus } from '../../src/store/service-status.js';

const LOOK_MS = 20;
const TIMEOUT_MS = 120_000;

/** Changes the version that a service serves, over and over; the service is the only one that watches the store. */
export class Swapping {
  readonly #store: ModelStore;
  readonly #versions: number;
  #version = 1;
  #swaps = 0;

  /** @param versions how many there are, which take turns; with three none that is chosen is kept open */
  constructor(store: ModelStore, versions: number) {
    this.#store = store;
    this.#versions = versions;
  }

  /** How many there were so far. */
  get swaps(): number {
    return this.#swaps;
  }

  /**
   * One swap after the other, each as soon as the one before it serves everywhere.
   * @param isOver is asked before each
   */
  async swapUntil(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      this.#version = (this.#version % this.#versions) + 1;
      await this.#swapTo(this.#version);
      this.#swaps += 1;
    }
  }

  async #swapTo(version: number): Promise<void> {
    await this.#store.use(version);
    const endMs = performance.now() + TIMEOUT_MS;
    let status = await this.#status();
    // It would look by itself within half a second.
    if (status) process.kill(status.pid, 'SIGHUP');
    while (status?.state !== 'serving' || status.serving !== version) {
      if (performance.now() > endMs) {
        throw new Error(
          `Version ${version} does not serve: ${status?.refused?.reason ?? 'no service says why'}`,
        );
      }
      await delay(LOOK_MS);
      status = await this.#status();
    }
  }

  async #status(): Promise<ServiceStatus | undefined> {
    const [status] = await readStatuses(this.#store.dir);
    return status;
  }
}
