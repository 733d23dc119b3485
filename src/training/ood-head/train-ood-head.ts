import { NO_DIGIT } from '../../model/contract.js';
import { foldNetwork } from '../../network/folded-network.js';
import { joinOodHead, joinsOf, planOodHead } from '../../network/ood-head.js';
import { oodHeadValidator } from '../run/validators.js';
import { planNetwork, withOutputs, type Network, type Weights } from '../../network/network.js';
import { augmentOf, type Recipe } from '../recipe.js';
import type { TrainingHooks, TrainingResult } from '../reports.js';
import { trainPart, type TrainingData } from '../run/trainer.js';
import type { StartWorker } from '../threads/workers.js';

/**
 * Trains a guard for a network of ten outputs: the eleventh logit alone learns, beside ten that are given, from batches of digits and
 * what is none. The epoch is kept that lets the fewest outliers of the kinds that are trained on pass the threshold and is surest of digits.
 * @param recipe its network is the one that is withHead
 * @param weights of that network
 * @param withHead the network that comes out, as `withOodHead` makes it
 */
export async function trainOodHead(
  recipe: Recipe,
  weights: Weights,
  withHead: Network,
  { training, validation }: Omit<TrainingData, 'teachers'>,
  threads: number,
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
  return trainPart(trainee, recipe, { training }, threads, startWorker, hooks);
}
