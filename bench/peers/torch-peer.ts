import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Layer } from '../../src/network/network.js';
import type { Recipe } from '../../src/training/recipe.js';

/** Debian's, which is the one that sees Debian's packages. */
export const PYTHON = '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('./train_torch.py', import.meta.url));

/** Names the file of the BLAS that PyTorch multiplies matrices with; Debian's alternatives choose it. */
const PROBE = `
import torch
print(*{line.split()[-1] for line in open("/proc/self/maps") if "libblas" in line})
`;

/**
 * @returns why PyTorch cannot be measured here, to be said in the place of its figures; `null` where it can. With the
 * reference BLAS its dense layers take 14 times as long as with OpenBLAS: no comparison that means anything.
 */
export function whyNoTorch(): string | null {
  const { status, stdout } = spawnSync(PYTHON, ['-c', PROBE], { encoding: 'utf8' });
  if (status !== 0) return 'skipped: python3-torch is not installed (apt-get install python3-torch)';
  if (!/\/blas\/libblas/.test(stdout)) return null;
  return (
    `skipped: it would multiply with the slow reference BLAS, ${stdout.trim()} (apt-get install ` +
    'libopenblas0-openmp)'
  );
}

/** Images and labels as files of their bytes, `[count, 28, 28]` and `[count]`. */
export interface PeerData {
  readonly framesFile: string;
  readonly labelsFile: string;
}

/** How pictures lie in memory: channel by channel, or pixel by pixel. */
export type MemoryFormat = 'NCHW' | 'channels_last';

/** The first line that the peer reads: what it trains, as `train_torch.py` takes it. */
export interface PeerSetup extends PeerData {
  readonly layers: readonly Layer[];
  readonly batchSize: number;
  readonly threads: number;
  readonly channelsLast: boolean;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
}

/** Tells the peer of a recipe: what costs time in a step, and nothing of augmentation, schedule and averages. */
export function peerSetup(recipe: Recipe, data: PeerData, threads: number, format: MemoryFormat): PeerSetup {
  return {
    ...data,
    layers: recipe.network.layers,
    batchSize: recipe.batchSize,
    threads,
    channelsLast: format === 'channels_last',
    learningRate: recipe.learningRate,
    weightDecay: recipe.weightDecay,
    labelSmoothing: recipe.labelSmoothing,
  };
}

/** A PyTorch process that trains when it is asked to, and waits idly otherwise. */
export interface TorchPeer {
  readonly parameterCount: number;
  /** Of PyTorch. */
  readonly version: string;
  /** @returns images a second of `steps` steps; those before, to get warm, are not counted */
  measure(warmUpSteps: number, steps: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * Threads for PyTorch and for its BLAS. Between two pieces of work a thread spins for a moment; OpenMP's own bound of
 * some milliseconds makes PyTorch several times slower as soon as anything else wants a core.
 */
function peerEnvironment(threads: number): NodeJS.ProcessEnv {
  return {
    GOMP_SPINCOUNT: '10000',
    ...process.env,
    OMP_NUM_THREADS: String(threads),
    OPENBLAS_NUM_THREADS: String(threads),
  };
}

/** @throws Error with what Python said, when the network cannot be built there */
export async function startTorchPeer(setup: PeerSetup): Promise<TorchPeer> {
  const python = spawn(PYTHON, [SCRIPT], { env: peerEnvironment(setup.threads) });
  const ended = once(python, 'close');
  let complaints = '';
  python.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  // Writing to a process that died fails too; what it said on stderr tells more.
  python.stdin.on('error', () => {});
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();

  const ask = async <Answer>(request: object): Promise<Answer> => {
    python.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await lines.next();
    if (line.done) {
      await ended;
      throw new Error(`${SCRIPT} ended without an answer:\n${complaints.trim()}`);
    }
    const answer: Answer = JSON.parse(line.value);
    return answer;
  };
  const facts = await ask<Pick<TorchPeer, 'parameterCount' | 'version'>>(setup);
  return {
    ...facts,
    async measure(warmUpSteps, steps) {
      const { imagesPerSecond } = await ask<{ imagesPerSecond: number }>({ warmUpSteps, steps });
      return imagesPerSecond;
    },
    async close() {
      python.stdin.end();
      await ended;
    },
  };
}
