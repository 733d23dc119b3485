import type { LabelledFrames } from '../data/labelled-frames.js';
import { measure, type Metrics } from '../evaluation/metrics.js';
import type { FrameBatch } from '../image/frame.js';
import { CLASS_COUNT } from '../model/contract.js';
import { createClassifier, type Classifier } from '../model/classifier.js';
import { logitsOf } from '../model/logits-of.js';
import { argmaxRow, digitProbabilities } from '../model/softmax.js';
import { fitDigitThreshold } from '../training/calibration.js';
import type { NetworkPlan, Weights } from '../training/network.js';
import { asConvNetwork } from './conv-network.js';
import { exportIntegerModel } from './graphs.js';
import { quantizeNetwork } from './integer-network.js';
import { observeActivations } from './observe.js';
import { leastSquaresScale } from './scales.js';

export interface QuantizationSettings {
  /** Images that the ranges of activations are measured on; they are of the training images. */
  readonly calibration: FrameBatch;
  /** Images that the threshold is set on and that the result is measured on. */
  readonly validation: LabelledFrames;
  /** The model of floats, which the result is compared with. */
  readonly reference: Classifier;
  /** Of the project, for the file. */
  readonly producerVersion?: string;
  readonly onProgress?: (stage: 'calibrating' | 'validating', fraction: number) => void;
}

/** A model of 8 bits, and how it does beside the one that it was made from. */
export interface QuantizedModel {
  /** The bytes of an ONNX file. */
  readonly model: Uint8Array;
  /** Set anew on the validation images; 0 where the model does not know what is no digit. */
  readonly digitThreshold: number;
  /** On the validation images. */
  readonly validation: Metrics;
  readonly reference: Metrics;
  /** Validation images that both read as the same digit. */
  readonly agreeing: number;
}

/**
 * Makes a trained network one of 8-bit whole numbers, of the same input and output.
 * @throws InkdigitError `invalid_graph` for a network that has another form than convolutions, dense layers, a relu behind each and largest
 * values of 2x2
 */
export async function quantizeModel(
  plan: NetworkPlan,
  weights: Weights,
  { calibration, validation, reference, producerVersion = '', onProgress = () => {} }: QuantizationSettings,
): Promise<QuantizedModel> {
  const network = asConvNetwork(plan, weights);
  const histograms = await observeActivations(network, calibration, (fraction) =>
    onProgress('calibrating', fraction),
  );
  const integers = quantizeNetwork(network, histograms.map(leastSquaresScale));
  const { labels, frames } = validation;
  const logitsFor = (classifier: Classifier, from: number): Promise<Float32Array> =>
    logitsOf(classifier, frames, (done) => onProgress('validating', from + (0.5 * done) / frames.count));
  const classifier = await createClassifier(exportIntegerModel(integers));
  try {
    const logits = await logitsFor(classifier, 0);
    const referenceLogits = await logitsFor(reference, 0.5);
    const digitThreshold = fitDigitThreshold(1, logits, frames.count);
    const { outputs } = plan;
    const answerOf = (of: Float32Array, row: number): number =>
      argmaxRow(digitProbabilities(of.subarray(row * outputs, (row + 1) * outputs), outputs), 0, CLASS_COUNT);
    return {
      model: exportIntegerModel(integers, { producerVersion, digitThreshold }),
      digitThreshold,
      validation: measure(digitProbabilities(logits, outputs), labels),
      reference: measure(digitProbabilities(referenceLogits, reference.outputs), labels),
      agreeing: labels.filter((_, row) => answerOf(logits, row) === answerOf(referenceLogits, row)).length,
    };
  } finally {
    await classifier.close();
  }
}
