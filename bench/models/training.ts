import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeFrames, type LabelledFrames } from '../../src/data/labelled-frames.js';
import type { TrainingSplit } from '../../src/data/split.js';
import { grouped } from '../../src/evaluation/report.js';
import { planNetwork } from '../../src/network/network.js';
import { DEFAULT_NETWORK, networkByName } from '../../src/network/networks.js';
import { DEFAULT_RECIPE, type Recipe } from '../../src/training/recipe.js';
import type * as Trainer from '../../src/training/run/trainer.js';
import type * as Workers from '../../src/training/threads/workers.js';
import { benchmarkFrames } from '../inputs/frames.js';
import { importBuilt } from '../measuring/built.js';
import { measureInTurn, type Contender } from '../measuring/in-turn.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { compare, summarize } from '../measuring/statistics.js';
import {
  peerSetup,
  startTorchPeer,
  whyNoTorch,
  type MemoryFormat,
  type PeerData,
  type TorchPeer,
} from '../peers/torch-peer.js';

const THREADS = 2;
const MEMORY_FORMATS: readonly MemoryFormat[] = ['NCHW', 'channels_last'];

/** Images that `train` validates on after its steps; none of that time is counted. */
const VALIDATION_COUNT = 32;

/** How long a measurement is, in steps. */
interface Length {
  readonly rounds: number;
  /** Steps of each measurement before the clock is read. */
  readonly warmUpSteps: number;
  readonly steps: number;
}

/** `npm run bench -- training` */
export const trainingBenchmark: Benchmark = {
  name: 'training',
  question: 'How fast does the trainer train compared with PyTorch?',
  run,
};

async function run({ quick }: BenchmarkOptions): Promise<BenchmarkResult> {
  const length: Length = quick
    ? { rounds: 2, warmUpSteps: 1, steps: 2 }
    : { rounds: 5, warmUpSteps: 10, steps: 80 };
  const recipes = [DEFAULT_NETWORK, 'seed'].map((name) => ({
    ...DEFAULT_RECIPE,
    network: networkByName(name),
    epochs: 1,
  }));
  const trainingCount = (length.warmUpSteps + length.steps) * DEFAULT_RECIPE.batchSize;
  const { data, origin } = await benchmarkFrames(trainingCount + VALIDATION_COUNT);
  const split = {
    training: takeFrames(data, 0, trainingCount),
    validation: takeFrames(data, trainingCount, data.labels.length),
  };
  const folder = await mkdtemp(join(tmpdir(), 'inkdigit-bench-'));
  try {
    const obstacle = whyNoTorch();
    const peerData = obstacle === null ? await writePeerData(folder, split.training) : null;
    const results: NetworkResult[] = [];
    for (const recipe of recipes) results.push(await measureNetwork(recipe, split, peerData, length));
    const version = results[0]?.torchVersion;
    return {
      method:
        `Images a second of training steps alone, ${DEFAULT_RECIPE.batchSize} ${origin} a step, AdamW, ${THREADS} ` +
        `threads each: ${length.rounds} rounds of ${length.steps} steps, each after ${length.warmUpSteps} to get ` +
        'warm, taken in turn in one run.',
      columns: ['network', 'trainer', 'median, images/s', 'min to max', '/ PyTorch', 'min to max'],
      rows: results.flatMap(tableRows),
      notes: [version ? `PyTorch ${version}, its build for CPUs. ${COMPARED}` : `PyTorch: ${obstacle}`],
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const COMPARED =
  'The ratios are those of each round to the faster of the two layouts that PyTorch can keep pictures in. PyTorch ' +
  'has the network of the same layers (the numbers of parameters are compared), the images as tensors from the ' +
  'start, no augmentation, no moving average of the weights, and one learning rate.';

async function writePeerData(folder: string, { frames, labels }: LabelledFrames): Promise<PeerData> {
  const files = { framesFile: join(folder, 'frames'), labelsFile: join(folder, 'labels') };
  await writeFile(files.framesFile, frames.pixels);
  await writeFile(files.labelsFile, labels);
  return files;
}

/** One measurement a round, in images a second. */
interface ContenderResult {
  readonly name: string;
  readonly samples: readonly number[];
}

/** What was measured of one network. */
interface NetworkResult {
  readonly network: string;
  readonly ours: readonly ContenderResult[];
  /** Empty where PyTorch cannot be run. */
  readonly theirs: readonly ContenderResult[];
  readonly torchVersion: string | undefined;
}

async function measureNetwork(
  recipe: Recipe,
  data: TrainingSplit,
  peerData: PeerData | null,
  length: Length,
): Promise<NetworkResult> {
  const ours = [
    // PyTorch's network has ten outputs.
    { name: 'inkdigit, no augmentation', recipe: { ...recipe, augmentation: null, outlierShare: 0 } },
    { name: 'inkdigit, augmentation', recipe: { ...recipe, outlierShare: 0 } },
    { name: 'inkdigit, augmentation and outliers', recipe },
  ].map((contender): Contender => ({
    name: contender.name,
    measure: () => measureOurs(contender.recipe, data, length),
  }));
  const peers: TorchPeer[] = [];
  try {
    const theirs: Contender[] = [];
    if (peerData) {
      for (const format of MEMORY_FORMATS) {
        const peer = await startTorchPeer(peerSetup(recipe, peerData, THREADS, format));
        peers.push(peer);
        requireSameNetwork(recipe, peer);
        theirs.push({
          name: `PyTorch, ${format}`,
          measure: () => peer.measure(length.warmUpSteps, length.steps),
        });
      }
    }
    const contenders = [...ours, ...theirs];
    const samples = await measureInTurn(contenders, length.rounds, (round) =>
      console.error(`${recipe.network.name}: round ${round} of ${length.rounds}`),
    );
    const results = contenders.map(({ name }, index) => ({ name, samples: samples[index] ?? [] }));
    return {
      network: recipe.network.name,
      ours: results.slice(0, ours.length),
      theirs: results.slice(ours.length),
      torchVersion: peers[0]?.version,
    };
  } finally {
    await Promise.all(peers.map((peer) => peer.close()));
  }
}

/** Trains anew for one epoch that is as long as the measurement. */
async function measureOurs(
  recipe: Recipe,
  data: TrainingSplit,
  { warmUpSteps, steps }: Length,
): Promise<number> {
  const { train } = await importBuilt<typeof Trainer>('training/run/trainer.js');
  const { startThreadWorker } = await importBuilt<typeof Workers>('training/threads/workers.js');
  const endsMs: number[] = [];
  await train(recipe, data, { device: 'cpu', threads: THREADS }, startThreadWorker, {
    onStep: () => endsMs.push(performance.now()),
  });
  const [fromMs, toMs] = [endsMs[warmUpSteps - 1], endsMs[warmUpSteps + steps - 1]];
  if (fromMs === undefined || toMs === undefined) {
    throw new Error(`Expected ${warmUpSteps + steps} steps, the trainer made ${endsMs.length}.`);
  }
  return (recipe.batchSize * steps * 1000) / (toMs - fromMs);
}

/** Speeds compare only where both do the same work. */
function requireSameNetwork(recipe: Recipe, peer: TorchPeer): void {
  const { parameterCount } = planNetwork(recipe.network);
  if (peer.parameterCount === parameterCount) return;
  throw new Error(
    `${recipe.network.name}: expected the ${parameterCount} parameters of the plan in PyTorch's network too, got ` +
      `${peer.parameterCount}. One of its layers is built differently: see bench/peers/train_torch.py.`,
  );
}

function tableRows({ network, ours, theirs }: NetworkResult): string[][] {
  const fastest = theirs.toSorted((a, b) => summarize(b.samples).median - summarize(a.samples).median)[0];
  const rate = (value: number): string => grouped(Math.round(value));
  return [...ours, ...theirs].map((contender) => {
    const speed = summarize(contender.samples);
    const ratio = fastest && contender !== fastest && compare(contender.samples, fastest.samples);
    return [
      `\`${network}\``,
      contender.name,
      rate(speed.median),
      `${rate(speed.min)} to ${rate(speed.max)}`,
      ratio ? `${ratio.median.toFixed(2)}x` : contender === fastest ? '1' : '',
      ratio ? `${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)}` : '',
    ];
  });
}
