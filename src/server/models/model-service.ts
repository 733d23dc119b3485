import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { InkdigitError, messageOf } from '../../errors.js';
import { ModelStore } from '../../store/model-store.js';
import type { Pointer } from '../../store/pointer.js';
import { REFRESH_MS, StatusFile, type ServiceStatus } from '../../store/service-status.js';
import { checkInChild, figuresOf } from './check-in-child.js';
import type { CheckReport } from './check-version.js';
import type { VersionRef } from './held-models.js';
import type { ChoiceOutcome, ModelReport, WorkerModelSettings } from './model-messages.js';
import { Rollout, type WorkerLink } from './rollout.js';
import { ShadowTotals } from './shadow-totals.js';
import type { StoreSettings } from './store-settings.js';

/** How often the primary reads which version is current: a file of a hundred bytes. */
const POLL_MS = 500;
const SHADOW_LOG_MS = 60_000;

/** Tries a version; `checkInChild`, but for tests. */
export type Check = typeof checkInChild;

export interface ModelServiceDeps {
  readonly log: Logger;
  readonly check?: Check | undefined;
  /** Called when a version that was chosen serves, or was refused. */
  readonly onChange?: ((result: 'swapped' | 'refused') => void) | undefined;
}

/**
 * The versions of a service, in its primary: which one is current, whether it may serve, and that all workers serve it.
 * A version that may not serve leaves the service as it is.
 */
export class ModelService {
  readonly #store: ModelStore;
  readonly #settings: StoreSettings;
  readonly #log: Logger;
  readonly #check: Check;
  readonly #onChange: ModelServiceDeps['onChange'];
  readonly #rollout: Rollout;
  readonly #links = new Map<number, WorkerLink>();
  readonly #totals: ShadowTotals;
  readonly #statusFile: StatusFile;
  readonly #timers: NodeJS.Timeout[] = [];
  #status: ServiceStatus;
  #shadow: VersionRef | undefined;
  /** The choice that was dealt with last. */
  #choice: string;
  #work: Promise<unknown> = Promise.resolve();
  #isBusy = false;
  /** Before it takes requests it is no service to others. */
  #hasBegun = false;
  readonly #onHangUp = (): void => void this.#lookAgain();

  /**
   * Finds the version to begin with: the current one, or, where that may not serve, the one that was current before.
   * @throws InkdigitError where neither may
   */
  static async open(settings: StoreSettings, deps: ModelServiceDeps): Promise<ModelService> {
    const { log, check = checkInChild } = deps;
    const store = new ModelStore(settings.dir);
    const pointer = await store.current();
    if (!pointer) {
      throw new InkdigitError(
        'invalid_model',
        `No version in ${settings.dir} is current: inkdigit models list shows them, models use N chooses one.`,
      );
    }
    const tryOne = async (version: number): Promise<VersionRef> => {
      const { sha256 } = await store.find(version);
      const candidate = { version, sha256 };
      // No request waits behind it yet: they all wait for it.
      const task = { dir: settings.dir, candidate, serving: null, limits: settings.limits };
      await check(task, { priority: 'low' });
      return candidate;
    };
    try {
      return new ModelService(store, settings, deps, pointer, await tryOne(pointer.version));
    } catch (thrown) {
      if (pointer.previous === null || !(thrown instanceof InkdigitError)) throw thrown;
      log.error(
        { version: pointer.version, previous: pointer.previous, reason: thrown.message },
        'model refused; the version before it serves',
      );
      const service = new ModelService(store, settings, deps, pointer, await tryOne(pointer.previous));
      service.#noteRefusal(pointer, thrown.message);
      return service;
    }
  }

  private constructor(
    store: ModelStore,
    settings: StoreSettings,
    { log, check = checkInChild, onChange }: ModelServiceDeps,
    pointer: Pointer,
    serving: VersionRef,
  ) {
    this.#store = store;
    this.#settings = settings;
    this.#log = log;
    this.#check = check;
    this.#onChange = onChange;
    this.#choice = pointer.id;
    this.#totals = new ShadowTotals(serving.version);
    this.#statusFile = new StatusFile(settings.dir);
    this.#rollout = new Rollout(serving, {
      canaryMs: settings.canaryMs,
      wait: (ms) => delay(ms, undefined, { ref: false }),
      onStage: (state) => this.#say({ state }),
      check: (candidate, served) => this.#try(candidate, served),
    });
    this.#status = {
      host: hostname(),
      pid: process.pid,
      port: 0,
      state: 'serving',
      serving: serving.version,
      previous: null,
      shadow: null,
      choice: pointer.id,
      refused: null,
      since: new Date().toISOString(),
    };
  }

  /** What a worker that starts now is to serve. */
  workerSettings(): WorkerModelSettings {
    return { dir: this.#settings.dir, serving: this.#rollout.serving };
  }

  /** A worker takes requests. @param serving what it was started with */
  joined(link: WorkerLink, serving: VersionRef): void {
    this.#links.set(link.id, link);
    this.#rollout.joined(link, serving);
    this.#tellShadow(link);
  }

  left(worker: number): void {
    this.#links.delete(worker);
    this.#rollout.left(worker);
    this.#totals.left(worker);
  }

  heard(worker: number, report: ModelReport): void {
    this.#rollout.heard(worker, report);
    if (report.kind === 'fault') {
      this.#log.error({ worker, version: report.version, reason: report.message }, 'model failed to answer');
    } else if (report.kind === 'shadow-figures') {
      this.#totals.add(worker, report.figures);
      const { figures } = this.#totals;
      if (figures) for (const link of this.#links.values()) link.tell({ kind: 'shadow-figures', figures });
    } else if (report.kind === 'choose') {
      void this.choose(report.version).then((outcome) => {
        this.#links.get(worker)?.tell({ kind: 'chosen', id: report.id, ...outcome });
      });
    }
  }

  /** All workers take requests: from now on versions may change. @param port where they do; 0 for a socket */
  begin(port: number): void {
    this.#hasBegun = true;
    this.#say({ port });
    process.on('SIGHUP', this.#onHangUp);
    const every = (ms: number, what: () => void): void => {
      this.#timers.push(setInterval(what, ms).unref());
    };
    every(POLL_MS, () => void this.#poll());
    every(REFRESH_MS, () => void this.#statusFile.refresh());
    const { shadow } = this.#settings;
    if (!shadow) return;
    every(SHADOW_LOG_MS, () => this.#logShadow());
    void this.#inTurn(() => this.#openShadow(shadow.version));
  }

  /** The service ends. */
  async end(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    process.off('SIGHUP', this.#onHangUp);
    this.#logShadow();
    await this.#statusFile.remove();
  }

  /** Makes a version current, or tries the current one again, and waits for what comes of it. */
  choose(version?: number): Promise<ChoiceOutcome> {
    return this.#inTurn(async () => {
      try {
        const pointer = version === undefined ? await this.#store.current() : await this.#store.use(version);
        if (!pointer)
          throw new InkdigitError('invalid_model', `No version in ${this.#store.dir} is current.`);
        return await this.#follow(pointer);
      } catch (thrown) {
        return { ok: false, serving: this.#rollout.serving.version, reason: messageOf(thrown) };
      }
    });
  }

  async #poll(): Promise<void> {
    if (this.#isBusy) return;
    const pointer = await this.#store.current().catch(() => undefined);
    if (!pointer || pointer.id === this.#choice || this.#isBusy) return;
    await this.#inTurn(() => this.#follow(pointer));
  }

  /** Also where it was dealt with before: what was wrong may have been mended. */
  async #lookAgain(): Promise<void> {
    const { version } = this.#rollout.serving;
    const { ok, serving, reason } = await this.choose();
    if (!ok) this.#log.warn({ serving, reason }, 'SIGHUP changed nothing');
    else if (serving === version) this.#log.info({ serving }, 'SIGHUP changed nothing');
  }

  /** One after the other. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#work.then(async () => {
      this.#isBusy = true;
      try {
        return await work();
      } finally {
        this.#isBusy = false;
      }
    });
    this.#work = turn.catch(() => {});
    return turn;
  }

  /** Never throws: what may not serve is refused. */
  async #follow(pointer: Pointer): Promise<ChoiceOutcome> {
    const { version } = pointer;
    const from = this.#rollout.serving.version;
    const startedMs = performance.now();
    this.#choice = pointer.id;
    this.#status = { ...this.#status, choice: pointer.id };
    try {
      const { sha256 } = await this.#store.find(version);
      const { report } = await this.#rollout.switchTo({ version, sha256 });
      this.#totals.restart(version);
      this.#say({
        state: 'serving',
        serving: version,
        previous: this.#rollout.previous?.version ?? null,
        refused: null,
      });
      if (version !== from) {
        const ms = Math.round(performance.now() - startedMs);
        this.#log.info({ version, from, ms, ...(report && figuresOf(report)) }, 'model swapped');
        this.#onChange?.('swapped');
      }
      return { ok: true, serving: version };
    } catch (thrown) {
      const reason = messageOf(thrown);
      this.#log.error({ version, serving: from, reason }, 'model refused');
      this.#noteRefusal(pointer, reason);
      return { ok: false, serving: from, reason };
    }
  }

  #noteRefusal({ version, id }: Pointer, reason: string): void {
    this.#onChange?.('refused');
    const refused = { version, choice: id, reason, at: new Date().toISOString() };
    this.#say({ state: 'serving', refused });
  }

  #try(candidate: VersionRef, serving: VersionRef | null): Promise<CheckReport> {
    const { dir, limits } = this.#settings;
    return this.#check({ dir, candidate, serving, limits });
  }

  async #openShadow(version: number): Promise<void> {
    try {
      const { sha256 } = await this.#store.find(version);
      const { dir, limits } = this.#settings;
      // It delays no request, so it may be as slow as it likes.
      await this.#check({ dir, candidate: { version, sha256 }, serving: null, limits });
      this.#shadow = { version, sha256 };
      for (const link of this.#links.values()) this.#tellShadow(link);
      this.#say({ shadow: version });
      this.#log.info({ version, share: this.#settings.shadow?.share }, 'shadow reads along');
    } catch (thrown) {
      this.#log.error({ version, reason: messageOf(thrown) }, 'shadow refused');
    }
  }

  #tellShadow(link: WorkerLink): void {
    const { shadow } = this.#settings;
    if (shadow && this.#shadow) link.tell({ kind: 'shadow', ref: this.#shadow, share: shadow.share });
  }

  #logShadow(): void {
    const { summary } = this.#totals;
    if (summary) this.#log.info(summary, 'shadow compared');
  }

  #say(change: Partial<ServiceStatus>): void {
    this.#status = { ...this.#status, ...change };
    if (!this.#hasBegun) return;
    this.#statusFile.write(this.#status).catch((thrown: unknown) => {
      this.#log.debug({ reason: messageOf(thrown) }, 'status not written');
    });
  }
}
