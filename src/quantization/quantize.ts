import type { LabelledFrames } from '../data/labelled-frames.js';
import { measure, type Metrics } from '../evaluation/metrics.js';
import type { FrameBatch } from '../image/frame.js';
import { CLASS_COUNT } from '../model/contract.js';
import { createClassifier, type Classifier } from '../model/classifier.js';
import { logitsOf } from '../model/logits-of.js';
import { argmaxRow, digitProbabilities } from '../model/softmax.js';
import { fitThreshold, passingShare } from '../evaluation/calibration.js';
import type { ExportOptions } from '../network/export.js';
import type { NetworkPlan, Weights } from '../network/network.js';
import type { Validation } from '../evaluation/measure-grid.js';
import { asConvNetwork } from './conv-network.js';
import { fitCascade, type CascadeFit } from './fit-cascade.js';
import { exportCascade, exportIntegerModel } from './graphs.js';
import { quantizeNetwork, type IntegerNetwork } from './integer-network.js';
import { observeActivations } from './observe.js';
import { leastSquaresScale } from './scales.js';

/** A network and its trained weights. */
export interface TrainedNetwork {
  readonly plan: NetworkPlan;
  readonly weights: Weights;
}

export interface QuantizationSettings {
  /** Training images that the ranges of activations are calibrated on. */
  readonly calibration: FrameBatch;
  /** Images of digits for the threshold and the comparison. */
  readonly validation: LabelledFrames;
  /** Images of non-digits, for the false accept rate. */
  readonly outliers?: FrameBatch;
  /** The float32 model, for the comparison. */
  readonly reference: Classifier;
  /** The first stage of a cascade, with the same outputs, if any. */
  readonly first?: TrainedNetwork;
  /** Version of inkdigit, for the file. */
  readonly producerVersion?: string;
  readonly onProgress?: (stage: Stage, fraction: number) => void;
}

export type Stage = 'calibrating' | 'comparing' | 'validating';

/** An int8 model, compared with the float one. */
export interface QuantizedModel<V extends Validation = Metrics> {
  /** The bytes of an ONNX file. */
  readonly model: Uint8Array;
  /** Fitted anew on the validation images; 0 without an output for non-digits. */
  readonly digitThreshold: number;
  /** On the validation images. */
  readonly validation: V;
  readonly reference: V;
  /** Validation images that both models classify alike. */
  readonly agreeing: number;
  /** False accept rates, 0..1, at thresholds that accept equally many of these digits; absent without outliers. */
  readonly passing?: { readonly validation: number; readonly reference: number };
  /** Of the cascade, where there is a first stage. */
  readonly cascade?: CascadeFit;
}

/**
 * Quantizes a trained network that reads digits to int8, with the same input and output.
 * @throws InkdigitError `invalid_graph` for a network with other layers than convolutions, dense layers, relus behind
 * them and 2x2 max pools; `invalid_model` for a first stage that disagrees too much
 */
export async function quantizeModel(
  network: TrainedNetwork,
  {
    calibration,
    validation,
    outliers,
    reference,
    first,
    producerVersion = '',
    onProgress = () => {},
  }: QuantizationSettings,
): Promise<QuantizedModel> {
  const stages = first ? [network, first] : [network];
  const integers: IntegerNetwork[] = [];
  for (const [index, stage] of stages.entries()) {
    integers.push(
      await toIntegers(stage, calibration, (fraction) =>
        onProgress('calibrating', (index + fraction) / stages.length),
      ),
    );
  }
  const [second, small] = integers;
  if (!second) throw new Error('unreachable: there is one network at least');
  const cascade =
    small &&
    (await fitCascade({ first: small, second }, validation, (fraction) => onProgress('comparing', fraction)));
  const write = (options: Omit<ExportOptions, 'precision'>): Uint8Array =>
    cascade && small
      ? exportCascade({ first: small, second, confidence: cascade.confidence }, options)
      : exportIntegerModel(second, options);

  const { labels, frames } = validation;
  const logitsFor = (classifier: Classifier, from: number): Promise<Float32Array> =>
    logitsOf(classifier, frames, (done) => onProgress('validating', from + (0.5 * done) / frames.count));
  const classifier = await createClassifier(write({}), { side: network.plan.input[1] });
  try {
    const logits = await logitsFor(classifier, 0);
    const referenceLogits = await logitsFor(reference, 0.5);
    const ofOutliers = outliers && {
      own: await logitsOf(classifier, outliers),
      reference: await logitsOf(reference, outliers),
    };
    const digitThreshold = fitThreshold(network.plan, 1, logits, labels, ofOutliers?.own);
    const { outputs } = network.plan;
    const answerOf = (of: Float32Array, row: number): number =>
      argmaxRow(digitProbabilities(of.subarray(row * outputs, (row + 1) * outputs), outputs), 0, CLASS_COUNT);
    return {
      model: write({ producerVersion, digitThreshold }),
      digitThreshold,
      validation: measure(digitProbabilities(logits, outputs), labels),
      reference: measure(digitProbabilities(referenceLogits, reference.outputs), labels),
      agreeing: labels.filter((_, row) => answerOf(logits, row) === answerOf(referenceLogits, row)).length,
      ...(outliers &&
        ofOutliers && {
          passing: {
            validation: passingShare(1, ofOutliers.own, outliers.count, digitThreshold),
            reference: passingShare(
              1,
              ofOutliers.reference,
              outliers.count,
              fitThreshold(network.plan, 1, referenceLogits, labels, ofOutliers.reference),
            ),
          },
        }),
      ...(cascade && { cascade }),
    };
  } finally {
    await classifier.close();
  }
}

/**
 * A trained network in integers.
 * @param calibration images that the ranges of activations are calibrated on
 * @throws InkdigitError `invalid_graph`
 */
export async function toIntegers(
  { plan, weights }: TrainedNetwork,
  calibration: FrameBatch,
  onProgress: (fraction: number) => void,
): Promise<IntegerNetwork> {
  const network = asConvNetwork(plan, weights);
  const histograms = await observeActivations(network, calibration, onProgress);
  return quantizeNetwork(network, histograms.map(leastSquaresScale));
}
