import { fitsFloat16, toFloat16 } from '../onnx/float16.js';
import { Graph, type Value } from '../onnx/graph.js';
import * as ops from '../onnx/ops.js';
import * as pictureOps from '../onnx/picture-ops.js';
import { MODEL_INPUT, MODEL_OUTPUT, SHOWN_IN_WIDTHS, THRESHOLD_KEY } from '../model/contract.js';
import { FRAME_SIDE } from '../image/frame.js';
import { foldNetwork, type FoldedLayer } from './folded-network.js';
import type { NetworkPlan, Weights } from './network.js';

export interface ExportOptions {
  /** Of the project, for the file. */
  readonly producerVersion?: string;
  /**
   * How weights are stored. Halves are made float32 when the model is opened; what is validated has been through
   * them. Weights that halves cannot hold (of a training that diverged) stay as they are.
   */
  readonly precision?: 'float16' | 'float32';
  /**
   * How probable it must be that an image is a digit; 0, as where unsaid, for a model that has no output for
   * non-digits.
   */
  readonly digitThreshold?: number;
}

/**
 * Writes the network that people use: any number of images at once (`image` float32 [N,1,side,side] in 0..1 ->
 * `logits` [N,outputs]), batch norms folded into the convolution before them, dropout gone.
 */
export function exportModel(
  plan: NetworkPlan,
  weights: Weights,
  { producerVersion = '', precision = 'float16', digitThreshold = 0 }: ExportOptions = {},
): Uint8Array {
  const graph = new Graph(plan.name);
  const layers = foldNetwork(plan, weights);
  const last = layers.at(-1);
  const writeWeights: WriteWeights = (layer, name, shape, values) =>
    // The last layer is few numbers, and calibration divides them: rounded, they would not be what was measured.
    precision === 'float32' || layer === last || !fitsFloat16(values)
      ? graph.constant(name, shape, values)
      : ops.cast(graph.constant(name, shape, toFloat16(values)), 'float32');
  const takesWidths = plan.shown === SHOWN_IN_WIDTHS;
  let x = modelInput(graph, plan.input, takesWidths);
  for (const layer of layers) x = appendLayer(x, layer, writeWeights);
  modelOutput(x, takesWidths);
  return graph.toModel(producerVersion, thresholdMetadata(digitThreshold));
}

/**
 * The input of every model, of frames if unsaid: `image` float32 [N,1,28,28].
 * @param takesWidths whether the file says that it takes pictures of any width
 */
export function modelInput(
  graph: Graph,
  shape: readonly number[] = [1, FRAME_SIDE, FRAME_SIDE],
  takesWidths = false,
): Value {
  const whole = ['N', ...shape];
  return graph.input(MODEL_INPUT, whole, 'float32', takesWidths ? whole.with(3, 'W') : whole);
}

/** Its output: `logits` float32 [N,outputs], which are as many more or fewer for other widths. */
export function modelOutput(logits: Value, takesWidths = false): void {
  logits.graph.output(MODEL_OUTPUT, logits, takesWidths ? logits.shape.with(1, 'K') : logits.shape);
}

/** What a model's file says of its threshold; nothing where there is none. */
export function thresholdMetadata(digitThreshold: number): Record<string, string> {
  return digitThreshold > 0 ? { [THRESHOLD_KEY]: String(digitThreshold) } : {};
}

/** Puts the weights of a layer into a graph. */
export type WriteWeights = (
  layer: FoldedLayer,
  name: string,
  shape: readonly number[],
  values: Float32Array,
) => Value;

/** What a layer makes of x, in floats. */
export function appendLayer(x: Value, layer: FoldedLayer, writeWeights: WriteWeights): Value {
  const { graph } = x;
  const { name } = layer;
  switch (layer.kind) {
    case 'conv': {
      const { shape, kernels, bias, stride, padding } = layer;
      return pictureOps.conv(x, writeWeights(layer, `${name}_weights`, shape, kernels), {
        stride,
        padding,
        bias: graph.constant(`${name}_bias`, [bias.length], bias),
      });
    }
    case 'dense': {
      const { shape, kernels, bias } = layer;
      return ops.gemm(x, writeWeights(layer, `${name}_weights`, shape, kernels), {
        bias: graph.constant(`${name}_bias`, [bias.length], bias),
      });
    }
    case 'affine': {
      const { factor, offset } = layer;
      const shape = [factor.length, 1, 1];
      return ops.add(
        ops.multiply(x, graph.constant(`${name}_factor`, shape, factor)),
        graph.constant(`${name}_offset`, shape, offset),
      );
    }
    case 'relu':
      return ops.relu(x);
    case 'maxPool':
      return pictureOps.maxPool(x, 2);
    case 'globalAveragePool':
      return ops.reduceMean(x, [2, 3]);
    case 'flatten':
      return ops.flatten(x);
  }
}
