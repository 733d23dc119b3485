import { sliceFrames, type FrameBatch } from '../../src/image/frame.js';
import { describeCost, grouped } from '../../src/evaluation/report.js';
import { createClassifier, openModel, type Classifier } from '../../src/model/classifier.js';
import { readModelCard } from '../../src/model/read-model-files.js';
import { floatModelPath, shippedModelPath } from '../../src/model/model-paths.js';
import { asConvNetwork } from '../../src/quantization/conv-network.js';
import { exportIntegerModel } from '../../src/quantization/graphs.js';
import { quantizeNetwork } from '../../src/quantization/integer-network.js';
import { exportModel } from '../../src/network/export.js';
import { planNetwork, withOutputs, type NetworkPlan, type Weights } from '../../src/network/network.js';
import { networkByName } from '../../src/network/networks.js';
import { initialParameters } from '../../src/training/threads/shared-state.js';
import { benchmarkFrames } from '../inputs/frames.js';
import { measureInTurn } from '../measuring/in-turn.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { compare, summarize } from '../measuring/statistics.js';

/** Images of one inference: alone, and as many as keep a core busy. */
const BATCHES = [1, 32] as const;
/** All that are read in a round, as some images cost more than others. */
const IMAGES = 320;
const QUICK_IMAGES = 64;

/** Of activations, where none is measured. */
const ANY_SCALE = 0.01;

/** A network that is ready to read, and what it costs on paper. */
interface Candidate {
  readonly name: string;
  readonly classifier: Classifier;
  /** In words. */
  readonly cost: string;
  readonly bytes: number;
}

/** `npm run bench -- inference` */
export const inferenceBenchmark: Benchmark = {
  name: 'inference',
  question: 'What does one image cost, compared with the network of the original demo?',
  run,
};

async function run({ quick, model }: BenchmarkOptions): Promise<BenchmarkResult> {
  const rounds = quick ? 5 : 200;
  const images = quick ? QUICK_IMAGES : IMAGES;
  const { data, origin } = await benchmarkFrames(images);
  const candidates =
    model === undefined
      ? await Promise.all([
          openCandidate(shippedModelPath()),
          secondAlone(),
          openCandidate(floatModelPath()),
          originalDemo(),
        ])
      : [await openCandidate(model), await originalDemo()];
  try {
    const contenders = candidates.flatMap(({ name, classifier }) =>
      BATCHES.map((batch) => {
        const batches = Array.from({ length: images / batch }, (_, i) =>
          sliceFrames(data.frames, i * batch, (i + 1) * batch),
        );
        return { name, measure: () => microsecondsAnImage(classifier, batches) };
      }),
    );
    // The first runs allocate what later ones use again.
    await measureInTurn(contenders, Math.ceil(rounds / 10));
    const samples = await measureInTurn(contenders, rounds);
    const costs = model === undefined ? eightBitCosts(samples) : null;
    return {
      method:
        `Microseconds per image, ${BATCHES.join(' and ')} of ${images} ${origin} at a time, on one core (one ` +
        `session of one thread), from the frame's bytes to the logits: ${rounds} rounds of all of them, taken in ` +
        'turn in one run.',
      columns: [
        'network',
        'multiply-adds',
        'file, bytes',
        'batch',
        'median, µs',
        'min to max, µs',
        'cost / baseline',
      ],
      rows: tableRows(candidates, samples),
      notes: [
        'The baseline, which is the network of the original demo, and the second stage alone have random ' +
          'weights, written by the same exporters; weights do not change what they cost. The last column is the ' +
          'median of the ratios of each round.',
        ...(costs ? [eightBitsNote(costs)] : []),
      ],
      ...(costs && { figures: { eightBitCost: costs.at(-1) ?? NaN } }),
    };
  } finally {
    await Promise.all(candidates.map(({ classifier }) => classifier.close()));
  }
}

function tableRows(candidates: readonly Candidate[], samples: readonly number[][]): string[][] {
  return candidates.flatMap(({ name, cost, bytes }, index) =>
    BATCHES.map((batch, size) => {
      const own = samples[index * BATCHES.length + size] ?? [];
      const reference = samples[(candidates.length - 1) * BATCHES.length + size] ?? [];
      const { median, min, max } = summarize(own);
      return [
        name,
        cost
          .replace(' multiply-adds an image', '')
          .replace(' on average', ' mean')
          .replace(' at most', ' most'),
        grouped(bytes),
        String(batch),
        median.toFixed(1),
        `${min.toFixed(1)} to ${max.toFixed(1)}`,
        own === reference ? '1' : `${compare(own, reference).median.toFixed(2)}x`,
      ];
    }),
  );
}

/** Int8 compared with float32: the second stage alone, and the model that it was quantized from. */
function eightBitCosts(samples: readonly number[][]): number[] {
  const [eightBits, floats] = [1, 2].map((place) => samples.slice(place * BATCHES.length));
  return BATCHES.map((_, size) => compare(eightBits?.[size] ?? [], floats?.[size] ?? []).median);
}

function eightBitsNote(costs: readonly number[]): string {
  const ratios = BATCHES.map((batch, size) => `${costs[size]?.toFixed(2)}x with ${batch} at a time`);
  return `Int8 compared with floats, the same network: ${ratios.join(', ')} (medians of the ratios of each round).`;
}

async function openCandidate(path: string): Promise<Candidate> {
  const { classifier, card } = await openModel(path);
  const shipped = new Map([
    [shippedModelPath(), 'shipped, int8'],
    [floatModelPath(), 'shipped, float32'],
  ]);
  return {
    name: shipped.get(path) ?? `\`${path}\``,
    classifier,
    cost: describeCost(card),
    bytes: card.file.bytes,
  };
}

/** The second stage of the shipped model, in int8. */
async function secondAlone(): Promise<Candidate> {
  const { network, output } = await readModelCard(floatModelPath());
  const plan = planNetwork(withOutputs(networkByName(network.name), Number(output.shape[1])));
  const convs = asConvNetwork(plan, randomWeights(plan));
  const scales = convs.layers.filter(({ kind }) => kind === 'conv').map(() => ANY_SCALE);
  const file = exportIntegerModel(quantizeNetwork(convs, scales));
  return {
    name: 'its second stage, int8',
    classifier: await createClassifier(file, { threads: 1 }),
    cost: multiplyAdds(plan),
    bytes: file.length,
  };
}

async function originalDemo(): Promise<Candidate> {
  const plan = planNetwork(networkByName('baseline'));
  const file = exportModel(plan, randomWeights(plan));
  return {
    name: 'baseline',
    classifier: await createClassifier(file, { threads: 1 }),
    cost: multiplyAdds(plan),
    bytes: file.length,
  };
}

function randomWeights(plan: NetworkPlan): Weights {
  return {
    parameters: initialParameters(plan, 1),
    statistics: new Float32Array(plan.statisticCount).fill(1),
  };
}

function multiplyAdds(plan: NetworkPlan): string {
  return `${grouped(plan.multiplyAdds)} multiply-adds an image`;
}

async function microsecondsAnImage(classifier: Classifier, batches: readonly FrameBatch[]): Promise<number> {
  const startedMs = performance.now();
  for (const batch of batches) await classifier.logits(batch);
  const images = batches.reduce((sum, { count }) => sum + count, 0);
  return ((performance.now() - startedMs) * 1000) / images;
}
