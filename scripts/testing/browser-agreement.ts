/** How far networks without ONNX Runtime answer as those with it do, on whatever the readers show them. */
import { readFileSync } from 'node:fs';
import { FRAME_SIDE } from '../../src/image/frame.js';
import { openInterpretedNetwork } from '../../src/interpreter/interpreted-network.js';
import { OUTPUT_COUNTS, type NetworkContract, type PixelNetwork } from '../../src/model/contract.js';
import { openPixelNetwork } from '../../src/model/runtime/pixel-network.js';
import { argmaxRow, digitProbabilities } from '../../src/model/softmax.js';
import { DETECTOR_CONTRACT, detectorOf } from '../../src/reading/numbers/detecting.js';
import { FINDER_CONTRACT, finderOf } from '../../src/reading/finding.js';
import { classifierOf, type Classifier } from '../../src/reading/network-classifier.js';
import { pictureReaderOf, type PictureReader } from '../../src/reading/picture-reading.js';
import { thresholdIn } from '../../src/reading/threshold.js';
import { THUMBNAIL_CONTRACT, thumbnailReaderOf } from '../../src/reading/thumbnail-reading.js';
import { whenNeeded } from '../../src/reading/when-needed.js';
import { VIEW_CONTRACT, viewReaderOf } from '../../src/reading/view-reading.js';

/** What was compared of one network. */
export interface Agreement {
  images: number;
  /** Images whose most probable digit, or largest output, is another one. */
  otherClasses: number;
  /** The largest differences: of a digit's probability, and of an output. */
  probability: number;
  logit: number;
}

/** The networks of readers, each of which runs twice. */
export interface ComparedReaders {
  readonly classifier: Classifier;
  readonly pictures: PictureReader;
  /** By the name of the network. */
  readonly agreements: ReadonlyMap<string, Agreement>;
}

/** Opens readers whose networks run with ONNX Runtime and without it, and compare what comes out. */
export async function openComparedReaders(folder: URL): Promise<ComparedReaders> {
  const agreements = new Map<string, Agreement>();
  const open = async (
    name: string,
    contract: NetworkContract,
  ): Promise<{ network: PixelNetwork; threshold: number }> => {
    const bytes = readFileSync(new URL(`${name}.int8.onnx`, folder));
    const own = openInterpretedNetwork(bytes, contract, name);
    const agreement: Agreement = { images: 0, otherClasses: 0, probability: 0, logit: 0 };
    agreements.set(name, agreement);
    const network = compared(await openPixelNetwork(bytes, contract, {}, name), own, agreement);
    return { network, threshold: thresholdIn(own.metadata, name) };
  };
  const frames = await open('mnist', { side: FRAME_SIDE, outputs: OUTPUT_COUNTS });
  const finder = await open('finder', FINDER_CONTRACT);
  const reader = await open('reader', VIEW_CONTRACT);
  const thumbnail = await open('thumbnail', THUMBNAIL_CONTRACT);
  const detector = await open('detector', DETECTOR_CONTRACT);
  const verifier = await open('verifier', VIEW_CONTRACT);
  return {
    classifier: classifierOf(frames.network, frames.threshold, FRAME_SIDE, 'mnist'),
    pictures: pictureReaderOf({
      finding: finderOf(finder.network),
      reading: viewReaderOf(reader.network, reader.threshold),
      small: thumbnailReaderOf(thumbnail.network, thumbnail.threshold, reader.threshold),
      detecting: whenNeeded(async () => detectorOf(detector.network)),
      verifying: whenNeeded(async () => viewReaderOf(verifier.network, verifier.threshold)),
    }),
    agreements,
  };
}

/** Runs both on the same pixels, and gives the answers of the first. */
function compared(expected: PixelNetwork, own: PixelNetwork, agreement: Agreement): PixelNetwork {
  const { outputs } = expected;
  return {
    outputs,
    async run(count, fill) {
      let pixels = new Float32Array(0);
      const logits = await expected.run(count, (input) => {
        fill(input);
        pixels = input.slice();
      });
      const others = await own.run(count, (input) => input.set(pixels));
      note(agreement, logits, others, outputs);
      return logits;
    },
    async close() {
      await expected.close();
      await own.close();
    },
  };
}

function note(agreement: Agreement, logits: Float32Array, others: Float32Array, outputs: number): void {
  agreement.logit = Math.max(agreement.logit, farthest(logits, others));
  if (OUTPUT_COUNTS.includes(outputs)) {
    const [expected, own] = [logits, others].map((each) => digitProbabilities(each, outputs));
    if (expected && own) agreement.probability = Math.max(agreement.probability, farthest(expected, own));
  }
  for (let row = 0; row < logits.length / outputs; row++) {
    agreement.images++;
    if (argmaxRow(logits, row, outputs) !== argmaxRow(others, row, outputs)) agreement.otherClasses++;
  }
}

function farthest(a: Float32Array, b: Float32Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
