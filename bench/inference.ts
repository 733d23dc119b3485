import { sliceFrames } from '../src/image/frame.js';
import { grouped } from '../src/evaluation/report.js';
import { createClassifier, openModel, type Classifier } from '../src/model/classifier.js';
import { floatModelPath, shippedModelPath } from '../src/model/model-paths.js';
import { exportModel } from '../src/training/export.js';
import { planNetwork } from '../src/training/network.js';
import { networkByName } from '../src/training/networks.js';
import { initialParameters } from '../src/training/shared-state.js';
import { benchmarkFrames } from './frames.js';
import { measureInTurn } from './in-turn.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from './report.js';
import { compare, summarize } from './statistics.js';

/** Images of one inference: alone, and as many as keep a core busy. */
const BATCHES = [1, 32] as const;
const LARGEST_BATCH = 32;

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

async function run({ quick, model }: BenchmarkOptions): Promise<BenchmarkResult> {
  const rounds = quick ? 5 : 200;
  const batches = quick ? 2 : 10;
  const { data, origin } = await benchmarkFrames(LARGEST_BATCH);
  const paths = model === undefined ? [shippedModelPath(), floatModelPath()] : [model];
  const candidates = [...(await Promise.all(paths.map(openCandidate))), await originalDemo()];
  try {
    const contenders = candidates.flatMap(({ name, classifier }) =>
      BATCHES.map((batch) => {
        const frames = sliceFrames(data.frames, 0, batch);
        // As many images of each batch size, so that a small one is no shorter a measurement.
        const runs = (batches * LARGEST_BATCH) / batch;
        return { name, measure: () => microsecondsAnImage(() => classifier.logits(frames), runs, batch) };
      }),
    );
    // The first runs allocate what later ones use again.
    await measureInTurn(contenders, Math.ceil(rounds / 10));
    const samples = await measureInTurn(contenders, rounds);
    return {
      method:
        `Microseconds an image, ${BATCHES.join(' and ')} ${origin} at a time, on one core (one session of one thread), from the ` +
        `frame's bytes to the logits: ${rounds} rounds of ${batches * LARGEST_BATCH} images each, taken in turn in one run.`,
      columns: [
        'network',
        'multiply-adds',
        'file, bytes',
        'images at a time',
        'median, µs',
        'min to max, µs',
        'cost beside the demo',
      ],
      rows: tableRows(candidates, samples),
      notes: [
        `The network of the original demo (\`seed\`) has random weights, written by the same exporter; weights do ` +
          `not change what it costs. The last column is the median of the ratios of each round.`,
        ...(model === undefined ? [eightBitsNote(samples)] : []),
      ],
    };
  } finally {
    await Promise.all(candidates.map(({ classifier }) => classifier.close()));
  }
}

function tableRows(candidates: readonly Candidate[], samples: readonly number[][]): string[][] {
  return candidates.flatMap(({ name, multiplyAdds, bytes }, index) =>
    BATCHES.map((batch, size) => {
      const own = samples[index * BATCHES.length + size] ?? [];
      const reference = samples[(candidates.length - 1) * BATCHES.length + size] ?? [];
      const { median, min, max } = summarize(own);
      return [
        name,
        grouped(multiplyAdds),
        grouped(bytes),
        String(batch),
        median.toFixed(1),
        `${min.toFixed(1)} to ${max.toFixed(1)}`,
        own === reference ? '1' : `${compare(own, reference).median.toFixed(2)}x`,
      ];
    }),
  );
}

/** The model of 8 bits comes first, that of floats behind it. */
function eightBitsNote(samples: readonly number[][]): string {
  const ratios = BATCHES.map((batch, size) => {
    const { median } = compare(samples[size] ?? [], samples[BATCHES.length + size] ?? []);
    return `${median.toFixed(2)}x with ${batch} at a time`;
  });
  return `8 bits beside floats, the same network: ${ratios.join(', ')} (medians of the ratios of each round).`;
}

async function openCandidate(path: string): Promise<Candidate> {
  const { classifier, card } = await openModel(path);
  const shipped = new Map([
    [shippedModelPath(), 'shipped model, 8 bits'],
    [floatModelPath(), 'shipped model, floats'],
  ]);
  return {
    name: `${shipped.get(path) ?? `\`${path}\``} (\`${card.network.name}\`)`,
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

async function microsecondsAnImage(
  readBatch: () => Promise<unknown>,
  runs: number,
  batch: number,
): Promise<number> {
  const startedMs = performance.now();
  for (let i = 0; i < runs; i++) await readBatch();
  return ((performance.now() - startedMs) * 1000) / (runs * batch);
}
