import { loadMnistPart } from '../../data/mnist/mnist.js';
import { showDownload } from '../../data/download/show-download.js';
import { splitValidation } from '../../data/split.js';
import type { Validation } from '../../evaluation/measure-grid.js';
import { grouped, percent } from '../../evaluation/report.js';
import type { ModelCard } from '../../model/card/card.js';
import { isGridShown } from '../../model/contract.js';
import type { NetworkPlan } from '../../network/network.js';
import type { ProgressBar } from '../../progress.js';
import { augmentOf, DEFAULT_RECIPE } from '../recipe.js';
import { gridValidator } from '../run/grid-validator.js';
import { networkValidator, readerValidator, type Validator } from '../run/validators.js';
import { loadSceneMaterial, VALIDATION_GRID_PICTURES, VALIDATION_VIEWS } from '../scenes/scene-material.js';
import { gridPicturesToChooseBy, scenesToChooseBy } from '../scenes/scene-sets.js';
import { datasetsOfCard } from './scene-source.js';

/** Where the data lie, if not in the default folders. */
export interface ValidationFolders {
  readonly dataDir?: string | undefined;
  readonly datasetsDir?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Validates networks on what a training does: MNIST's validation images, or scenes of glyphs that none learned from.
 * @param card names the data sets of the scenes
 * @throws InkdigitError as `loadMnistPart` and `loadGlyphs`
 */
export async function validatorOf(
  plan: NetworkPlan,
  card: Pick<ModelCard, 'datasets'>,
  { dataDir, datasetsDir, env }: ValidationFolders,
  bar: ProgressBar,
): Promise<Validator<Validation>> {
  const { shown } = plan;
  if (shown === 'frame') {
    const { data } = await loadMnistPart('train', { dataDir, onProgress: showDownload(bar) });
    bar.finish();
    return networkValidator(plan, splitValidation(data).validation, augmentOf(DEFAULT_RECIPE));
  }
  const source = datasetsOfCard(card, datasetsDir, env);
  const { validation: painter } = await loadSceneMaterial(source, dataDir, bar);
  return isGridShown(shown)
    ? gridValidator(plan, gridPicturesToChooseBy(painter, shown, VALIDATION_GRID_PICTURES))
    : readerValidator(plan, scenesToChooseBy(painter, shown, VALIDATION_VIEWS));
}

/** Like `On 5,000 validation images: 99.70 % correctly classified, …`. */
export function describeValidation(validation: Validation): string {
  const { count, accuracy } = validation;
  if (!('cappedLogLoss' in validation)) {
    return `In validation scenes: ${percent(accuracy)} of ${grouped(count)} found, loss ${validation.loss.toFixed(5)}`;
  }
  return (
    `On ${grouped(count)} validation images: ${percent(accuracy)} correctly classified, ` +
    `log loss ${validation.cappedLogLoss.toFixed(5)} nats (an image counts for 2 at most)`
  );
}
