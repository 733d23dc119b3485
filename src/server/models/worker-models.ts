import { InkdigitError, messageOf } from '../../errors.js';
import type { ImageContent } from '../../image/picture.js';
import { readContents } from '../../model/digit-models.js';
import type { Reading } from '../../model/readings.js';
import { ModelStore } from '../../store/model-store.js';
import type { ShadowTally } from './comparison.js';
import { drawGoldenFrames, drawGoldenPictures, type GoldenImage } from './golden-images.js';
import {
  loadVersion,
  noNetworks,
  type LoadedVersion,
  type OpenNetworks,
  type VersionRef,
} from './held-models.js';
import { LiveModels } from './live-models.js';
import type { ModelControl, VersionsNow } from './model-control.js';
import type {
  ChoiceOutcome,
  ModelOrder,
  ModelReport,
  ShadowFigures,
  WorkerModelSettings,
} from './model-messages.js';
import { Shadow, type ShadowPort } from './shadow.js';

/** How often a worker tells what its shadow found, where it found something. */
const FIGURES_MS = 1000;
const WARM_UP_FRAMES = 8;
const WARM_UP_PICTURES = 2;

/** Counts what shadows find, of each pair of versions; `ShadowMeter` is one. */
export interface ShadowTallies {
  of(serving: number, candidate: number): ShadowTally;
}

/**
 * The versions of one worker process: loads, warms up and swaps them as the primary says, and lets a shadow read along.
 * Orders are obeyed one after the other; requests have their turns in between.
 */
export class WorkerModels implements ModelControl, ShadowPort {
  readonly #store: ModelStore;
  readonly #tell: (report: ModelReport) => void;
  readonly #tallies: ShadowTallies | undefined;
  readonly #networks: OpenNetworks;
  readonly #live: LiveModels;
  #orders: Promise<void> = Promise.resolve();
  #shadow: Shadow | undefined;
  #share = 0;
  #told = 0;
  /** Of all processes, as the primary last said. */
  #figures: ShadowFigures | undefined;
  readonly #choices = new Map<number, (outcome: ChoiceOutcome) => void>();
  #lastChoice = 0;

  /**
   * Loads the version that is to serve, and answers the warm-up images.
   * @param tallies where what shadows find is counted
   * @throws InkdigitError `missing_file` or `invalid_model`
   */
  static async open(
    settings: WorkerModelSettings,
    tell: (report: ModelReport) => void,
    tallies?: ShadowTallies,
  ): Promise<WorkerModels> {
    const opened = new Opening(settings.dir, tell);
    return new WorkerModels(opened, await opened.load(settings.serving), tallies);
  }

  private constructor({ store, tell, networks }: Opening, first: LoadedVersion, tallies?: ShadowTallies) {
    this.#store = store;
    this.#tell = tell;
    this.#tallies = tallies;
    this.#networks = networks;
    this.#live = new LiveModels(first);
    setInterval(() => this.#tellFigures(), FIGURES_MS).unref();
  }

  get live(): LiveModels {
    return this.#live;
  }

  /** Does what the primary says; never throws. */
  obey(order: ModelOrder): Promise<void> {
    switch (order.kind) {
      case 'chosen': {
        const { id, ok, serving, reason } = order;
        this.#choices.get(id)?.({ ok, serving, reason });
        this.#choices.delete(id);
        return Promise.resolve();
      }
      case 'shadow-figures':
        this.#figures = order.figures;
        return Promise.resolve();
      case 'use':
      case 'shadow':
        this.#orders = this.#orders.then(() =>
          order.kind === 'use' ? this.#use(order) : this.#compare(order),
        );
        return this.#orders;
    }
  }

  now(): VersionsNow {
    const { serving, previous } = this.#live;
    return {
      serving: serving.ref,
      card: serving.card,
      previous: previous?.ref,
      shadow: this.#shadow && this.#figures?.serving === serving.ref.version ? this.#figures : undefined,
    };
  }

  choose(version?: number): Promise<ChoiceOutcome> {
    const id = ++this.#lastChoice;
    return new Promise((resolve) => {
      this.#choices.set(id, resolve);
      this.#tell({ kind: 'choose', id, version });
    });
  }

  samples(): boolean {
    const shadow = this.#shadow;
    return shadow !== undefined && !this.#isOwnShadow(shadow) && shadow.samples();
  }

  offer(content: ImageContent, reading: Reading): void {
    this.#shadow?.offer(content, reading);
  }

  idle(isIdle: () => boolean): void {
    this.#shadow?.idle(isIdle);
  }

  async #use({ id, ref, keepsPrevious }: Extract<ModelOrder, { kind: 'use' }>): Promise<void> {
    const startedMs = performance.now();
    try {
      const { serving, previous } = this.#live;
      const kept = [serving, previous].find((one) => one?.ref.sha256 === ref.sha256);
      this.#live.swap(kept ?? (await this.#load(ref)), keepsPrevious);
      const shadow = this.#shadow;
      if (serving !== this.#live.serving) shadow?.restart(this.#tallyOf(shadow.candidate));
      this.#tell({ kind: 'used', id, ms: performance.now() - startedMs, wasKept: kept !== undefined });
    } catch (thrown) {
      this.#tell({ kind: 'refused', id, reason: messageOf(thrown) });
    }
  }

  async #compare({ ref, share }: Extract<ModelOrder, { kind: 'shadow' }>): Promise<void> {
    try {
      const candidate = await this.#load(ref);
      this.#shadow?.close();
      this.#shadow = new Shadow(candidate, { share, tally: this.#tallyOf(candidate) });
      this.#share = share;
    } catch (thrown) {
      this.#tell({ kind: 'fault', version: ref.version, message: messageOf(thrown) });
    }
  }

  #load(ref: VersionRef): Promise<LoadedVersion> {
    return new Opening(this.#store.dir, this.#tell, this.#networks).load(ref);
  }

  /** None for a version that is its own shadow, which is asked nothing. */
  #tallyOf({ ref: { version: candidate } }: LoadedVersion): ShadowTally | undefined {
    const { version } = this.#live.serving.ref;
    return version === candidate ? undefined : this.#tallies?.of(version, candidate);
  }

  #isOwnShadow({ candidate }: Shadow): boolean {
    return candidate.ref.version === this.#live.serving.ref.version;
  }

  #tellFigures(): void {
    const shadow = this.#shadow;
    if (!shadow || shadow.figures.compared + shadow.dropped === this.#told) return;
    this.#told = shadow.figures.compared + shadow.dropped;
    const serving = this.#live.serving.ref.version;
    const candidate = shadow.candidate.ref.version;
    const { figures, dropped } = shadow;
    this.#tell({
      kind: 'shadow-figures',
      figures: { ...figures, serving, candidate, share: this.#share, dropped },
    });
  }
}

/** Reads what is not open yet of a version, opens what is read, and lets it answer before any request does. */
class Opening {
  readonly store: ModelStore;
  readonly tell: (report: ModelReport) => void;
  readonly networks: OpenNetworks;

  constructor(dir: string, tell: (report: ModelReport) => void, networks = noNetworks()) {
    this.store = new ModelStore(dir);
    this.tell = tell;
    this.networks = networks;
  }

  async load(ref: VersionRef): Promise<LoadedVersion> {
    const networks = await this.store.openContent(ref.sha256);
    const onFault = (thrown: unknown): void =>
      this.tell({ kind: 'fault', version: ref.version, message: messageOf(thrown) });
    const hadPictures = this.networks.pictures.size;
    const loaded = await loadVersion(ref, networks, this.networks, onFault);
    try {
      await warmUp(loaded, this.networks.pictures.size > hadPictures);
      return loaded;
    } catch (thrown) {
      loaded.letGo();
      throw thrown;
    }
  }
}

/** One image at a time, drawn and read: requests have their turns in between. */
async function warmUp(models: LoadedVersion, withPictures: boolean): Promise<void> {
  await answerSome(models, drawGoldenFrames(), WARM_UP_FRAMES);
  if (withPictures) await answerSome(models, drawGoldenPictures(), WARM_UP_PICTURES);
}

async function answerSome(
  models: LoadedVersion,
  images: Iterable<GoldenImage>,
  count: number,
): Promise<void> {
  let left = count;
  for (const { content } of images) {
    const [read] = await readContents(models, [content]);
    if (!read?.reading.probabilities.every((value) => value >= 0 && value <= 1)) {
      throw new InkdigitError(
        'invalid_model',
        `Version ${models.ref.version} answers with what is no probability.`,
      );
    }
    left -= 1;
    if (left === 0) return;
  }
}
