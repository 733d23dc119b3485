import { CLASS_COUNT, MODEL_OUTPUT } from '../model/contract.js';
import { elementCount, Graph, type Value } from '../onnx/graph.js';
import * as ops from '../onnx/ops.js';
import * as pictureOps from '../onnx/picture-ops.js';
import * as quantizedOps from '../onnx/quantized-ops.js';
import * as rowOps from '../onnx/row-ops.js';
import { modelInput, modelOutput, thresholdMetadata, type ExportOptions } from '../network/export.js';
import type { Cascade } from './cascade.js';
import type { ConvNetwork, FloatConv } from './conv-network.js';
import type { IntegerConv, IntegerNetwork } from './integer-network.js';
import { isQuickerInPairs, overPairs } from './paired-columns.js';

/** Permutations between channels first (float32) and channels last (int8), and back. */
const TO_CHANNELS_LAST = [0, 2, 3, 1];
const TO_CHANNELS_FIRST = [0, 3, 1, 2];

/** The name of a convolution's output in `activationGraph`. */
export function activationName(conv: { readonly name: string }): string {
  return `${conv.name}_activation`;
}

/**
 * The network in float32 with the output of each convolution as an output of its own: `image` -> `<name>_activation`.
 */
export function activationGraph({ name, input, layers }: ConvNetwork): Uint8Array {
  const graph = new Graph(name);
  let x = modelInput(graph, input);
  for (const layer of layers) {
    if (layer.kind === 'maxPool') {
      x = pictureOps.maxPool(x, 2);
      continue;
    }
    x = ops.relu(appendConvOfFloats(x, layer));
    graph.output(activationName(layer), x);
  }
  return graph.toModel();
}

/** The quantized network, with the input and the output of `exportModel`. */
export function exportIntegerModel(
  network: IntegerNetwork,
  {
    producerVersion = '',
    digitThreshold = 0,
    takesWidths = false,
  }: Omit<ExportOptions, 'precision'> & { readonly takesWidths?: boolean } = {},
): Uint8Array {
  const graph = new Graph(network.name);
  modelOutput(appendIntegerNetwork(modelInput(graph, network.input, takesWidths), network), takesWidths);
  return graph.toModel(producerVersion, thresholdMetadata(digitThreshold));
}

/**
 * Two networks as a cascade in one graph: the second reads those images whose most probable digit has less than
 * `confidence` in the first. The choice depends on the image alone, so that its answer is the same in any batch.
 */
export function exportCascade(
  { first, second, confidence }: Cascade,
  { producerVersion = '', digitThreshold = 0 }: Omit<ExportOptions, 'precision'> = {},
): Uint8Array {
  const graph = new Graph(second.name);
  const images = modelInput(graph, second.input);
  const logits = appendIntegerNetwork(images, named(first, 'first'));
  const digits = ops.slice(ops.softmax(logits), [{ axis: 1, from: 0, to: CLASS_COUNT }]);
  const unsure = rowOps.rowsWhere(ops.less(ops.reduceMax(digits, [1]), graph.scalar(confidence)), 'UNSURE');
  const others = appendIntegerNetwork(rowOps.gatherRows(images, unsure), named(second, 'second'));
  graph.output(MODEL_OUTPUT, rowOps.scatterRows(logits, unsure, others));
  return graph.toModel(producerVersion, thresholdMetadata(digitThreshold));
}

/** Prefixes names, as another network is in the same file. */
function named(network: IntegerNetwork, stage: string): IntegerNetwork {
  const { first, layers, head } = network;
  const rename = <T extends { readonly name: string }>(layer: T): T => ({
    ...layer,
    name: `${stage}_${layer.name}`,
  });
  return {
    ...network,
    first: rename(first),
    layers: layers.map((layer) => (layer.kind === 'conv' ? rename(layer) : layer)),
    head: rename(head),
  };
}

/** Logits `[N,outputs]` of pictures `[N,1,side,side]`. */
function appendIntegerNetwork(pictures: Value, { first, firstScale, layers, head }: IntegerNetwork): Value {
  const { graph } = pictures;
  // The relu comes last, though the rounding to 0…255 makes it redundant: without it ONNX Runtime rounds first and
  // transposes integers, which takes longer than transposing the floats as they leave their convolution.
  const turned = ops.transpose(appendConvOfFloats(pictures, first), TO_CHANNELS_LAST);
  let x = quantizedOps.quantizeLinear(ops.relu(turned), firstScale);
  let scale = firstScale;
  for (const layer of layers) {
    if (layer.kind === 'maxPool') {
      x = quantizedOps.qMaxPool(x, 2);
      continue;
    }
    // A layer over the whole picture gives float32, which is quantized again only before another int8 layer.
    if (x.type === 'float32') x = quantizedOps.quantizeLinear(x, scale);
    x = layer.readsAll ? appendProduct(x, layer) : appendConv(x, layer);
    scale = layer.outputScale;
  }
  if (head.kind === 'conv') {
    if (x.type === 'float32') throw new Error('unreachable: planes are made of a picture, not of a row');
    const picture = ops.transpose(quantizedOps.dequantizeLinear(x, scale), TO_CHANNELS_FIRST);
    return ops.flatten(appendConvOfFloats(picture, head));
  }
  const row = x.type === 'float32' ? x : quantizedOps.dequantizeLinear(rowOf(x), scale);
  return ops.gemm(row, graph.constant(`${head.name}_weights`, head.shape, head.kernels), {
    bias: graph.constant(`${head.name}_bias`, [head.bias.length], head.bias),
  });
}

/** Flattens the pictures in the order of the last layer's weights. */
function rowOf(x: Value): Value {
  return ops.flatten(ops.transpose(x, TO_CHANNELS_FIRST));
}

function appendConvOfFloats(x: Value, { name, shape, kernels, bias, stride, padding }: FloatConv): Value {
  const { graph } = x;
  const weights = graph.constant(`${name}_weights`, shape, kernels);
  const biases = graph.constant(`${name}_bias`, [bias.length], bias);
  return pictureOps.conv(x, weights, { bias: biases, stride, padding });
}

function appendConv(x: Value, conv: IntegerConv): Value {
  const [, , width] = x.shape;
  if (typeof width !== 'number' || !isQuickerInPairs(conv, width)) return appendConvOfIntegers(x, conv);
  return quantizedOps.unpairColumns(appendConvOfIntegers(quantizedOps.pairColumns(x), overPairs(conv)));
}

function appendConvOfIntegers(x: Value, conv: IntegerConv): Value {
  const { name, shape, kernels, inputScale, outputScale, stride, padding } = conv;
  return quantizedOps.qLinearConv(x, x.graph.constant(`${name}_weights`, shape, kernels), {
    ...constantsOf(x.graph, conv),
    inputScale,
    outputScale,
    stride,
    padding,
  });
}

/**
 * A convolution over the whole picture as a matrix product, so that images of a batch share one pass over the
 * weights.
 */
function appendProduct(x: Value, conv: IntegerConv): Value {
  const { name, shape, inputScale } = conv;
  const [outputs, ...picture] = shape;
  const weights = x.graph.constant(`${name}_weights`, [outputs, elementCount(picture)], channelsLast(conv));
  return ops.relu(quantizedOps.qGemm(ops.flatten(x), weights, { ...constantsOf(x.graph, conv), inputScale }));
}

/** The kernels as `[O,K,L,C]`. */
function channelsLast({ shape: [, channels, height, width], kernels }: IntegerConv): Int8Array {
  const places = height * width;
  const size = channels * places;
  return Int8Array.from(kernels, (_, i) => {
    const [first, at] = [i - (i % size), i % size];
    return kernels[first + (at % channels) * places + Math.floor(at / channels)]!;
  });
}

function constantsOf(
  graph: Graph,
  { name, bias, weightScales }: IntegerConv,
): { bias: Value; weightScales: Value } {
  return {
    bias: graph.constant(`${name}_bias`, [bias.length], bias),
    weightScales: graph.constant(`${name}_scales`, [weightScales.length], weightScales),
  };
}
