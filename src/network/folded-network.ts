import type { NetworkPlan, PlannedLayer, TensorSlot, Weights } from './network.js';

/** Added to a variance before its root is taken. Training and export share it. */
export const BATCH_NORM_EPSILON = 1e-5;

/**
 * A layer of a trained network as it is used: its numbers beside it, no batch norm that a convolution can take in, no
 * dropout.
 */
export type FoldedLayer =
  | {
      readonly kind: 'conv';
      readonly name: string;
      /** `[O,C,K,K]` */
      readonly shape: readonly number[];
      readonly kernels: Float32Array;
      /** `[O]` */
      readonly bias: Float32Array;
      readonly stride: number;
      readonly padding: number;
    }
  | {
      readonly kind: 'dense';
      readonly name: string;
      /** `[units, outputs]` */
      readonly shape: readonly [number, number];
      readonly kernels: Float32Array;
      /** `[outputs]` */
      readonly bias: Float32Array;
    }
  /** factor * x + offset of each channel: a batch norm that no convolution is before. */
  | {
      readonly kind: 'affine';
      readonly name: string;
      readonly factor: Float32Array;
      readonly offset: Float32Array;
    }
  | { readonly kind: 'relu' | 'maxPool' | 'globalAveragePool' | 'flatten'; readonly name: string };

/** The network that people use: batch norms folded into the convolution before them, dropout gone. */
export function foldNetwork(plan: NetworkPlan, weights: Weights): FoldedLayer[] {
  return plan.layers.flatMap((planned, index): FoldedLayer[] => {
    const { layer } = planned;
    const name = `${index}_${layer.kind}`;
    switch (layer.kind) {
      case 'conv': {
        const next = plan.layers[index + 1];
        const batchNorm = next?.layer.kind === 'batchNorm' ? next : undefined;
        const { stride, padding } = layer;
        return [{ kind: 'conv', name, stride, padding, ...foldBatchNorm(planned, batchNorm, weights) }];
      }
      case 'batchNorm':
        return plan.layers[index - 1]?.layer.kind === 'conv'
          ? []
          : [{ kind: 'affine', name, ...batchNormAsAffine(planned, weights) }];
      case 'dense': {
        const [kernel, bias] = planned.parameters;
        if (!kernel || !bias) throw new Error('unreachable: a dense layer has weights and a bias');
        const kernels = read(weights.parameters, kernel);
        const shape = [kernel.size / layer.units, layer.units] as const;
        return [{ kind: 'dense', name, shape, kernels, bias: read(weights.parameters, bias) }];
      }
      case 'dropout':
        return [];
      case 'relu':
      case 'maxPool':
      case 'globalAveragePool':
      case 'flatten':
        return [{ kind: layer.kind, name }];
    }
  });
}

function read(values: Float32Array, slot: TensorSlot): Float32Array {
  return values.slice(slot.offset, slot.offset + slot.size);
}

/**
 * A batch norm with fixed statistics is a line: factor = scale / sqrt(variance + eps), offset = shift - mean *
 * factor.
 */
function batchNormAsAffine(
  { parameters: [scale, shift], statistics: [mean, variance] }: PlannedLayer,
  weights: Weights,
): { factor: Float32Array; offset: Float32Array } {
  if (!scale || !shift || !mean || !variance) throw new Error('unreachable: a batch norm has four tensors');
  const means = read(weights.statistics, mean);
  const variances = read(weights.statistics, variance);
  const factor = read(weights.parameters, scale).map(
    (value, c) => value / Math.sqrt(variances[c]! + BATCH_NORM_EPSILON),
  );
  const offset = read(weights.parameters, shift).map((value, c) => value - means[c]! * factor[c]!);
  return { factor, offset };
}

function foldBatchNorm(
  { parameters: [slot, biasSlot] }: PlannedLayer,
  batchNorm: PlannedLayer | undefined,
  weights: Weights,
): { shape: readonly number[]; kernels: Float32Array; bias: Float32Array } {
  if (!slot) throw new Error('unreachable: a convolution has weights');
  const { shape } = slot;
  const channels = shape[0] ?? 0;
  const kernels = read(weights.parameters, slot);
  const bias = biasSlot ? read(weights.parameters, biasSlot) : new Float32Array(channels);
  if (!batchNorm) return { shape, kernels, bias };
  const { factor, offset } = batchNormAsAffine(batchNorm, weights);
  const perChannel = slot.size / channels;
  return {
    shape,
    kernels: kernels.map((value, i) => value * factor[Math.floor(i / perChannel)]!),
    bias: bias.map((value, c) => value * factor[c]! + offset[c]!),
  };
}
