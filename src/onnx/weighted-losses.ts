/** Losses in which each number counts by a weight of its own, and their gradients. */
import { knownShape, type Value } from './graph.js';
import * as ops from './ops.js';

/** A loss, one number, and its gradient by what was predicted, of the same shape. */
interface Loss {
  readonly loss: Value;
  readonly gradient: Value;
}

/**
 * Mean over the batch of the weighted sum of cross-entropies between probabilities `target` and sigmoid(z), all
 * `[N,K]`;
 * its gradient is weight * (sigmoid(z) - target) / N.
 */
export function sigmoidCrossEntropy(z: Value, target: Value, weight: Value): Loss {
  // -t ln(sigmoid(z)) - (1-t) ln(1-sigmoid(z)) = ln(1+exp(z)) - t z, which no z makes infinite.
  const losses = ops.subtract(ops.softplus(z), ops.multiply(target, z));
  return weighted(losses, ops.subtract(ops.sigmoid(z), target), weight);
}

/**
 * Mean over the batch of the weighted sum of Huber's losses of z - target (Huber, 1964), all `[N,K]`: half the square
 * up
 * to a distance of 1, and beyond it the distance less one half; its gradient is weight * (z - target, clipped to -1..1)
 * / N.
 */
export function huber(z: Value, target: Value, weight: Value): Loss {
  const difference = ops.subtract(z, target);
  const clipped = ops.clip(difference, -1, 1);
  const half = ops.multiply(clipped, z.graph.scalar(0.5));
  return weighted(ops.multiply(clipped, ops.subtract(difference, half)), clipped, weight);
}

function weighted(losses: Value, slopes: Value, weight: Value): Loss {
  const [n = 1] = knownShape('weighted loss', losses.shape);
  const each = ops.multiply(weight, losses.graph.scalar(1 / n));
  return {
    loss: ops.reduceSum(ops.multiply(losses, each), [0, 1]),
    gradient: ops.multiply(slopes, each),
  };
}
