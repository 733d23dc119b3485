import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FRAME_SIDE } from '../../src/image/frame.js';
import { openInterpretedNetwork } from '../../src/interpreter/interpreted-network.js';
import { OUTPUT_COUNTS, type NetworkContract, type PixelNetwork } from '../../src/model/contract.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import { openPixelNetwork } from '../../src/model/runtime/pixel-network.js';
import { DETECTOR_CONTRACT } from '../../src/reading/numbers/detecting.js';
import { FINDER_CONTRACT } from '../../src/reading/finding.js';
import { THUMBNAIL_CONTRACT } from '../../src/reading/thumbnail-reading.js';
import { VIEW_CONTRACT } from '../../src/reading/view-reading.js';
import { benchmarkFrames } from '../inputs/frames.js';
import { measureInTurn } from '../measuring/in-turn.js';
import type { Benchmark, BenchmarkOptions, BenchmarkResult } from '../report/report.js';
import { compare, summarize } from '../measuring/statistics.js';

const IMAGES = 200;
const QUICK_IMAGES = 10;

const NETWORKS: readonly (readonly [name: string, contract: NetworkContract])[] = [
  ['mnist', { side: FRAME_SIDE, outputs: OUTPUT_COUNTS }],
  ['thumbnail', THUMBNAIL_CONTRACT],
  ['finder', FINDER_CONTRACT],
  ['reader', VIEW_CONTRACT],
  ['detector', DETECTOR_CONTRACT],
];

/** `npm run bench -- plain-typescript` */
export const plainTypescriptBenchmark: Benchmark = {
  name: 'plain-typescript',
  question: 'What does one image cost in plain TypeScript, as browsers read, compared with ONNX Runtime?',
  run,
};

async function run({ quick }: BenchmarkOptions): Promise<BenchmarkResult> {
  const images = quick ? QUICK_IMAGES : IMAGES;
  const rounds = quick ? 2 : 20;
  const { data, origin } = await benchmarkFrames(images);
  const rows: string[][] = [];
  for (const [name, contract] of NETWORKS) {
    const bytes = readFileSync(join(dirname(shippedModelPath()), `${name}.int8.onnx`));
    const own = openInterpretedNetwork(bytes, contract, name);
    const other = await openPixelNetwork(bytes, contract, {}, name);
    const { side } = contract;
    const dearest = Array.from({ length: images }, () => Infinity);
    const measure =
      (network: PixelNetwork, each: (at: number, ms: number) => void) => async (): Promise<number> => {
        const startedMs = performance.now();
        for (let i = 0; i < images; i++) {
          const beganMs = performance.now();
          await network.run(1, (input) => enlarge(data.frames.pixels, i, side, input));
          each(i, performance.now() - beganMs);
        }
        return (performance.now() - startedMs) / images;
      };
    const contenders = [
      { name, measure: measure(own, (i, ms) => void (dearest[i] = Math.min(dearest[i] ?? ms, ms))) },
      { name: 'ONNX Runtime', measure: measure(other, () => {}) },
    ];
    // The first runs are compiled.
    await measureInTurn(contenders, Math.ceil(rounds / 5));
    dearest.fill(Infinity);
    const [ownMs = [], otherMs = []] = await measureInTurn(contenders, rounds);
    await other.close();
    rows.push([
      name,
      summarize(ownMs).median.toFixed(2),
      Math.max(...dearest).toFixed(2),
      summarize(otherMs).median.toFixed(2),
      `${compare(ownMs, otherMs).median.toFixed(1)}x`,
    ]);
  }
  return {
    method:
      `Milliseconds per image, ${images} ${origin} one at a time on one core, made as large as each network ` +
      `reads: ${rounds} rounds of both, taken in turn in one run.`,
    columns: ['network', 'median, ms', 'dearest image, ms', 'ONNX Runtime, ms', 'ratio'],
    rows,
    notes: [
      'The dearest image is the one whose quickest run took longest: of frames, one that both stages read.',
    ],
  };
}

/** A frame as large as a network reads it, with gray paper where it is no frame's. */
function enlarge(pixels: Uint8Array, image: number, side: number, input: Float32Array): void {
  const paper = side === FRAME_SIDE ? 0 : 0.3;
  for (let i = 0; i < input.length; i++) {
    const row = Math.floor((Math.floor(i / side) * FRAME_SIDE) / side);
    const column = Math.floor(((i % side) * FRAME_SIDE) / side);
    const ink = pixels[image * FRAME_SIDE ** 2 + row * FRAME_SIDE + column]! / 255;
    input[i] = paper + (1 - paper) * ink;
  }
}
