import { fitsFloat16, toFloat16 } from '../onnx/float16.js';
import { Graph, type Value } from '../onnx/graph.js';
import * as ops from '../onnx/ops.js';
import * as pictureOps from '../onnx/picture-ops.js';
import { MODEL_INPUT, MODEL_OUTPUT, THRESHOLD_KEY } from '../model/contract.js';
import type { NetworkPlan, PlannedLayer, TensorSlot } from './network.js';
import { BATCH_NORM_EPSILON } from './layer-steps.js';

/** The numbers of a trained network, as its plan lays them out. */
export interface Weights {
  /** `[parameterCount]` */
  readonly parameters: Float32Array;
  /** `[statisticCount]`: mean and variance of the batch norms. */
  readonly statistics: Float32Array;
}

export interface ExportOptions {
  /** Of the project, for the file. */
  readonly producerVersion?: string;
  /**
   * How weights are stored. Halves are made float32 when the model is opened; what is validated has been through them. Weights that
   * halves cannot hold (of a training that diverged) stay as they are.
   */
  readonly precision?: 'float16' | 'float32';
  /** How probable it must be that an image is a digit; 0, as where unsaid, for a model that does not know what is none. */
  readonly digitThreshold?: number;
}

/**
 * Writes the network that people use: any number of images at once (`image` float32 [N,1,28,28] in 0..1 ->
 * `logits` [N,outputs]), batch norms folded into the convolution before them, dropout gone.
 */
export function exportModel(
  plan: NetworkPlan,
  weights: Weights,
  { producerVersion = '', precision = 'float16', digitThreshold = 0 }: ExportOptions = {},
): Uint8Array {
  const graph = new Graph(plan.name);
  const weightsConstant = (name: string, shape: readonly number[], values: Float32Array): Value =>
    precision === 'float32' || !fitsFloat16(values)
      ? graph.constant(name, shape, values)
      : ops.cast(graph.constant(name, shape, toFloat16(values)), 'float32');
  let x: Value = graph.input(MODEL_INPUT, ['N', ...(plan.layers[0]?.input ?? [])]);
  plan.layers.forEach((planned, index) => {
    const { layer } = planned;
    const name = `${index}_${layer.kind}`;
    switch (layer.kind) {
      case 'conv': {
        const next = plan.layers[index + 1];
        const { kernels, bias } = foldBatchNorm(
          planned,
          next?.layer.kind === 'batchNorm' ? next : undefined,
          weights,
        );
        const [slot] = planned.parameters;
        x = pictureOps.conv(x, weightsConstant(`${name}_weights`, slot?.shape ?? [], kernels), {
          stride: layer.stride,
          padding: layer.padding,
          bias: graph.constant(`${name}_bias`, [layer.channels], bias),
        });
        return;
      }
      case 'batchNorm': {
        if (plan.layers[index - 1]?.layer.kind === 'conv') return;
        const { factor, offset } = batchNormAsLine(planned, weights);
        const shape = [factor.length, 1, 1];
        x = ops.add(
          ops.multiply(x, graph.constant(`${name}_factor`, shape, factor)),
          graph.constant(`${name}_offset`, shape, offset),
        );
        return;
      }
      case 'relu':
        x = ops.relu(x);
        return;
      case 'maxPool':
        x = pictureOps.maxPool(x, 2);
        return;
      case 'globalAveragePool':
        x = ops.reduceMean(x, [2, 3]);
        return;
      case 'flatten':
        x = ops.flatten(x);
        return;
      case 'dropout':
        return;
      case 'dense': {
        const [kernel, bias] = planned.parameters;
        if (!kernel || !bias) throw new Error('unreachable: a dense layer has weights and a bias');
        const matrix = read(weights.parameters, kernel);
        // The last layer is few numbers, and calibration divides them: rounded, they would not be what was measured.
        const isLast = index === plan.layers.length - 1;
        const constant = isLast ? graph.constant.bind(graph) : weightsConstant;
        x = ops.gemm(x, constant(`${name}_weights`, kernel.shape, matrix), {
          bias: graph.constant(`${name}_bias`, bias.shape, read(weights.parameters, bias)),
        });
      }
    }
  });
  graph.output(MODEL_OUTPUT, x);
  return graph.toModel(
    producerVersion,
    digitThreshold > 0 ? { [THRESHOLD_KEY]: String(digitThreshold) } : {},
  );
}

function read(values: Float32Array, slot: TensorSlot): Float32Array {
  return values.slice(slot.offset, slot.offset + slot.size);
}

/** A batch norm with fixed statistics is a line: factor = scale / sqrt(variance + eps), offset = shift - mean * factor. */
function batchNormAsLine(
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
): { kernels: Float32Array; bias: Float32Array } {
  if (!slot) throw new Error('unreachable: a convolution has weights');
  const channels = slot.shape[0] ?? 0;
  const kernels = read(weights.parameters, slot);
  const bias = biasSlot ? read(weights.parameters, biasSlot) : new Float32Array(channels);
  if (!batchNorm) return { kernels, bias };
  const { factor, offset } = batchNormAsLine(batchNorm, weights);
  const perChannel = slot.size / channels;
  return {
    kernels: kernels.map((value, i) => value * factor[Math.floor(i / perChannel)]!),
    bias: bias.map((value, c) => value * factor[c]! + offset[c]!),
  };
}
