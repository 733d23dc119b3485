import type { LabelledFrames } from '../../data/labelled-frames.js';
import { NO_DIGIT } from '../../model/contract.js';
import { foldNetwork } from '../../network/folded-network.js';
import { joinOodHead, joinsOf, planOodHead } from '../../network/ood-head.js';
import { oodHeadValidator } from '../run/validators.js';
import { planNetwork, withOutputs, type Network, type Weights } from '../../network/network.js';
import { augmentOf, type Recipe } from '../recipe.js';
import type { TrainingHooks, TrainingResult } from '../reports.js';
import { trainPart } from '../run/trainer.js';
import type { StartWorker } from '../threads/workers.js';
import type { Compute } from '../compute.js';

/** Digits to train an OOD head on, beside outliers that are drawn, and those that validate it. */
export interface HeadData {
  readonly training: LabelledFrames;
  readonly validation: LabelledFrames;
}

/**
 * Trains an OOD head for a network of ten outputs: the eleventh logit alone is trained, beside ten frozen ones, on
 * digits and non-digits. The best epoch accepts the fewest outliers of the trained kinds at its threshold, with the
 * lowest loss on digits.
 * @param recipe its network is the one that gets the head
 * @param weights of that network
 * @param withHead the resulting network, as `withOodHead` makes it
 */
export async function trainOodHead(
  recipe: Recipe,
  weights: Weights,
  withHead: Network,
  { training, validation }: HeadData,
  compute: Compute,
  startWorker: StartWorker,
  hooks: TrainingHooks = {},
): Promise<TrainingResult> {
  const base = planNetwork(recipe.network);
  const whole = planNetwork(withOutputs(withHead, NO_DIGIT + 1));
  const head = planOodHead(base, whole);
  const complete = (own: Weights): Weights => joinOodHead(base, weights, head, own, whole);
  const trainee = {
    plan: head.plan,
    frozen: { layers: foldNetwork(base, weights), joins: joinsOf(base, weights, head) },
    whole,
    validate: oodHeadValidator(whole, complete, validation, augmentOf(recipe)),
  };
  return trainPart(trainee, recipe, { training }, compute, startWorker, hooks);
}
