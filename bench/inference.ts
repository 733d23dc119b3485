import { sliceFrames } from '../src/image/frame.js';
import { grouped } from '../src/evaluation/report.js';
import { createClassifier, openModel, type Classifier } from '../src/model/classifier.js';
import { shippedModelPath } from '../src/model/model-paths.js';
import { exportModel } from '../src/training/export.js';
import { planNetwork } from '../src/training/network.js';
import { networkByName } from '../src/training/networks.js';
import { initialParameters } from '../src/training/shared-state.js';
import { benchmarkFrames } from './frames.js';
import { measureInTurn } from './in-turn.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from './report.js';
import { compare, summarize } from './statistics.js';

/** Images of one inference. */
const BATCH = 32;

/** A network that is ready to read, and what it costs on paper. */
interface Candidate {
  readonly name: string;
  readonly classifier: Classifier;
  readonly multiplyAdds: number;
  readonly bytes: number;
}

/** `npm run bench -- inference` */
export const inferenceBenchmark: Benchmark = {
  name: 'inference',
  question: 'What does one image cost, beside the network of the original demo?',
  run,
};

async function run({ quick, model = shippedModelPath() }: BenchmarkOptions): Promise<BenchmarkResult> {
  const rounds = quick ? 5 : 200;
  const batches = quick ? 2 : 10;
  const { data, origin } = await benchmarkFrames(BATCH);
  const frames = sliceFrames(data.frames, 0, BATCH);
  const candidates = [await openCandidate(model), await originalDemo()];
  try {
    const contenders = candidates.map(({ name, classifier }) => ({
      name,
      measure: () => microsecondsAnImage(() => classifier.logits(frames), batches),
    }));
    // The first runs allocate what later ones use again.
    await measureInTurn(contenders, Math.ceil(rounds / 10));
    const samples = await measureInTurn(contenders, rounds);
    return {
      method:
        `Microseconds an image, ${BATCH} ${origin} at a time, on one core (one session of one thread), from the frame's ` +
        `bytes to the logits: ${rounds} rounds of ${batches} batches each, taken in turn in one run.`,
      columns: [
        'network',
        'multiply-adds',
        'file, bytes',
        'median, µs',
        'min to max, µs',
        'cost beside the demo',
      ],
      rows: tableRows(candidates, samples),
      notes: [
        `The network of the original demo (\`seed\`) has random weights, written by the same exporter; weights do ` +
          `not change what it costs. The last column is the median of the ratios of each round.`,
      ],
    };
  } finally {
    await Promise.all(candidates.map(({ classifier }) => classifier.close()));
  }
}

function tableRows(candidates: readonly Candidate[], samples: readonly number[][]): string[][] {
  const reference = samples.at(-1) ?? [];
  return candidates.map(({ name, multiplyAdds, bytes }, index) => {
    const own = samples[index] ?? [];
    const { median, min, max } = summarize(own);
    return [
      name,
      grouped(multiplyAdds),
      grouped(bytes),
      median.toFixed(1),
      `${min.toFixed(1)} to ${max.toFixed(1)}`,
      own === reference ? '1' : `${compare(own, reference).median.toFixed(2)}x`,
    ];
  });
}

async function openCandidate(path: string): Promise<Candidate> {
  const { classifier, card } = await openModel(path);
  const isShipped = path === shippedModelPath();
  return {
    name: isShipped ? `shipped model (\`${card.network.name}\`)` : `\`${path}\` (\`${card.network.name}\`)`,
    classifier,
    multiplyAdds: card.network.multiplyAdds,
    bytes: card.file.bytes,
  };
}

async function originalDemo(): Promise<Candidate> {
  const plan = planNetwork(networkByName('seed'));
  const statistics = new Float32Array(plan.statisticCount);
  const file = exportModel(plan, { parameters: initialParameters(plan, 1), statistics });
  return {
    name: 'original demo (`seed`)',
    classifier: await createClassifier(file, { threads: 1 }),
    multiplyAdds: plan.multiplyAdds,
    bytes: file.length,
  };
}

async function microsecondsAnImage(readBatch: () => Promise<unknown>, batches: number): Promise<number> {
  const startedMs = performance.now();
  for (let i = 0; i < batches; i++) await readBatch();
  return ((performance.now() - startedMs) * 1000) / (batches * BATCH);
}
