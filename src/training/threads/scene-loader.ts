import { outputCount } from '../../image/view/cell-grid.js';
import { GRIDS, isGridShown, type GridShown } from '../../model/contract.js';
import { randomStream } from '../../random-streams.js';
import type { ReaderShown, ScenePainter } from '../../scenes/painter.js';
import type { SceneGlyphs } from '../../scenes/types.js';
import { SHOWN_SIDES } from '../../network/network.js';
import type { SharedState } from './shared-state.js';

/** The settings of a thread that makes scenes. */
export interface SceneLoaderSettings {
  readonly role: 'scenes';
  readonly shared: SharedState;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly seed: number;
  readonly shown: ReaderShown | GridShown;
  /** In shared memory. */
  readonly glyphs: SceneGlyphs;
}

/**
 * Makes the pictures of coming steps, each drawn from its own random stream, whichever thread draws it. Another seed
 * gives other pictures.
 */
export class SceneLoader {
  readonly #settings: Omit<SceneLoaderSettings, 'role' | 'glyphs'>;
  readonly #painter: ScenePainter;
  readonly #levels: Uint8Array;

  constructor(settings: Omit<SceneLoaderSettings, 'role' | 'glyphs'>, painter: ScenePainter) {
    this.#settings = settings;
    this.#painter = painter;
    this.#levels = new Uint8Array(SHOWN_SIDES[settings.shown] ** 2);
  }

  load(step: number): void {
    const { shared, batchSize, stepsPerEpoch } = this.#settings;
    const epoch = Math.floor(step / stepsPerEpoch) + 1;
    const first = (step % stepsPerEpoch) * batchSize;
    const place = (step % shared.stepsAhead) * batchSize;
    for (let i = 0; i < batchSize; i++) this.#write(epoch, first + i, place + i);
  }

  #write(epoch: number, index: number, place: number): void {
    const { shared, shown, seed } = this.#settings;
    const levels = this.#levels;
    const random = randomStream('trainedScenes', seed, epoch, index);
    if (isGridShown(shown)) {
      const outputs = outputCount(GRIDS[shown]);
      const [from, to] = [place * outputs, (place + 1) * outputs];
      const targets = shared.batchTargets.subarray(from, to);
      const weights = shared.batchWeights.subarray(from, to);
      this.#painter.drawToFind(shown, random, { levels, targets, weights });
    } else {
      shared.batchLabels[place] = this.#painter.drawToRead(shown, random, levels);
    }
    const target = place * levels.length;
    for (let i = 0; i < levels.length; i++) shared.batchImages[target + i] = levels[i]! / 255;
  }
}
