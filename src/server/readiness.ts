/** Whether a worker should get requests: not before its model has answered, not once it is shutting down. */
export class Readiness {
  #state: 'starting' | 'ready' | 'draining' = 'starting';

  get state(): 'starting' | 'ready' | 'draining' {
    return this.#state;
  }

  markReady(): void {
    if (this.#state === 'starting') this.#state = 'ready';
  }

  /** Final: a service that is shutting down does not become ready again. */
  markDraining(): void {
    this.#state = 'draining';
  }
}
