import { FRAME_SIDE } from '../image/frame.js';
import type { ImageContent } from '../image/picture.js';
import { openInterpretedNetwork, type InterpretedNetwork } from '../interpreter/interpreted-network.js';
import { OUTPUT_COUNTS, type NetworkContract } from '../model/contract.js';
import type { DigitNetworks } from '../reading/content-reading.js';
import { FINDER_CONTRACT, finderOf } from '../reading/finding.js';
import { classifierOf, type Classifier } from '../reading/network-classifier.js';
import { pictureReaderOf, type PictureReader } from '../reading/picture-reading.js';
import { thresholdIn } from '../reading/threshold.js';
import {
  openThumbnailReaderWhenNeeded,
  THUMBNAIL_CONTRACT,
  thumbnailReaderOf,
} from '../reading/thumbnail-reading.js';
import { whenNeeded } from '../reading/when-needed.js';
import { VIEW_CONTRACT, viewReaderOf } from '../reading/view-reading.js';
import { loadModel, type ModelSource } from './load-model.js';
import type { ModelRole } from './model-names.js';

/** The models of a device, each loaded when it is first needed; then it stays. */
export interface DeviceNetworks {
  /** The model of frames. @throws InkdigitError `missing_file` or `invalid_model` */
  classifier(): Promise<Classifier>;
  /** The models of pictures; those of numbers are loaded with the first number. @throws as `classifier` */
  pictures(): Promise<PictureReader>;
  /** A network that reads, to ask it of parts of what it was shown. @throws as `classifier` */
  networkOf(role: 'frames' | 'reader'): Promise<InterpretedNetwork>;
  /** Those that read what is of this kind. @throws as `classifier` */
  networksFor(content: ImageContent): Promise<DigitNetworks>;
}

/** A network and what its file says of itself. */
interface LoadedNetwork {
  readonly network: InterpretedNetwork;
  readonly threshold: number;
  readonly source: string;
  close(): Promise<void>;
}

/** Loads the models of a source as they are needed. */
export function deviceNetworks(models: ModelSource): DeviceNetworks {
  const open = async (role: ModelRole, contract: NetworkContract): Promise<LoadedNetwork> => {
    const { bytes, source } = await loadModel(models, role);
    const network = openInterpretedNetwork(bytes, contract, source);
    const threshold = thresholdIn(network.metadata, source);
    return { network, threshold, source, close: () => network.close() };
  };
  const readers = {
    frames: whenNeeded(() => open('frames', { side: FRAME_SIDE, outputs: OUTPUT_COUNTS })),
    reader: whenNeeded(() => open('reader', VIEW_CONTRACT)),
  };
  const classifier = whenNeeded(async () => {
    const { network, threshold, source } = await readers.frames.get();
    return classifierOf(network, threshold, FRAME_SIDE, source);
  });
  const pictures = whenNeeded(async () => {
    const [finder, reader] = await Promise.all([open('finder', FINDER_CONTRACT), readers.reader.get()]);
    return pictureReaderOf({
      finding: finderOf(finder.network),
      reading: viewReaderOf(reader.network, reader.threshold),
      small: openThumbnailReaderWhenNeeded(async () => {
        const { network, threshold } = await open('thumbnail', THUMBNAIL_CONTRACT);
        return thumbnailReaderOf(network, threshold, reader.threshold);
      }),
      detecting: whenNeeded(async () => {
        const { DETECTOR_CONTRACT, detectorOf } = await import('../reading/numbers/detecting.js');
        return detectorOf((await open('detector', DETECTOR_CONTRACT)).network);
      }),
      verifying: whenNeeded(async () => {
        const { network, threshold } = await open('verifier', VIEW_CONTRACT);
        return viewReaderOf(network, threshold);
      }),
    });
  });
  return {
    classifier: () => classifier.get(),
    pictures: () => pictures.get(),
    networkOf: async (role) => (await readers[role].get()).network,
    async networksFor({ kind }) {
      return kind === 'frame' ? { classifier: await classifier.get() } : { pictures: await pictures.get() };
    },
  };
}
