import type { ModelCard } from '../../model/card/card.js';
import { createClassifier, type Classifier } from '../../model/classifier.js';
import type { DigitModels } from '../../model/digit-models.js';
import { createPictureReader } from '../../model/pictures/picture-reader.js';
import type { PictureReader } from '../../reading/picture-reading.js';
import type { NetworkRole, NetworkSource } from '../../store/version-files.js';
import { Shelf } from './shelf.js';

/** Which version of a store, and what its files have to be. */
export interface VersionRef {
  readonly version: number;
  readonly sha256: string;
}

/** Models that stay open for as long as someone holds them. */
export interface HeldModels extends DigitModels {
  /** Undefined where models are no version of a store. */
  readonly ref?: VersionRef | undefined;
  hold(): void;
  /** The last to let go closes them. */
  letGo(): void;
  /** Called with what an inference threw. */
  reportFault(thrown: unknown): void;
}

/** Where requests get the models that answer them. */
export interface ModelSource {
  /** Those of requests that begin now. */
  readonly current: HeldModels;
}

/** Models that never change and are closed elsewhere. */
export function fixedModels(models: DigitModels): ModelSource {
  const current = { ...models, hold() {}, letGo() {}, reportFault() {} };
  return { current };
}

/** The networks of a process that are open; versions that share a network share its session. */
export interface OpenNetworks {
  readonly classifiers: Shelf<Classifier>;
  readonly pictures: Shelf<PictureReader>;
}

export function noNetworks(): OpenNetworks {
  return { classifiers: new Shelf(), pictures: new Shelf() };
}

/** A version in memory. It begins with one holder, who opened it. */
export class LoadedVersion implements HeldModels {
  readonly ref: VersionRef;
  readonly card: ModelCard;
  readonly classifier: Classifier;
  readonly pictures: PictureReader | undefined;
  readonly #close: () => void;
  readonly #onFault: (thrown: unknown) => void;
  #holders = 1;

  constructor(
    ref: VersionRef,
    card: ModelCard,
    { classifier, pictures }: DigitModels,
    close: () => void,
    onFault: (thrown: unknown) => void = () => {},
  ) {
    this.ref = ref;
    this.card = card;
    this.classifier = classifier;
    this.pictures = pictures;
    this.#close = close;
    this.#onFault = onFault;
  }

  hold(): void {
    if (this.#holders === 0) throw new Error('unreachable: these models are closed');
    this.#holders += 1;
  }

  letGo(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.#close();
  }

  reportFault(thrown: unknown): void {
    this.#onFault(thrown);
  }
}

/** The networks that read pictures, in the order in which their keys stand in that of all. */
const PICTURE_ROLES = ['finder', 'reader', 'thumbnail', 'detector', 'verifier'] as const;

/** What versions whose pictures are read by the same networks have in common; undefined where they have none. */
export function picturesKey(source: Pick<NetworkSource, 'sha256Of'>): string | undefined {
  if (source.sha256Of('finder') === undefined || source.sha256Of('reader') === undefined) return undefined;
  return PICTURE_ROLES.map((role) => source.sha256Of(role) ?? '').join();
}

/**
 * Opens the networks of a version, but for those that are open already, which are not even read. Each takes a turn of
 * its own, between which requests have theirs.
 * @throws InkdigitError `invalid_model`
 */
export async function loadVersion(
  ref: VersionRef,
  networks: NetworkSource,
  open: OpenNetworks,
  onFault?: (thrown: unknown) => void,
): Promise<LoadedVersion> {
  const source = `version ${ref.version}`;
  const { card, bytes, sha256 } = await networks.read('model');
  const classifier = await open.classifiers.take(sha256, () => createClassifier(bytes, {}, source));
  const key = picturesKey(networks);
  if (key === undefined) {
    const close = (): void => classifier.putBack();
    return new LoadedVersion(ref, card, { classifier: classifier.item }, close, onFault);
  }
  const pictures = await open.pictures
    .take(key, () => openPictures(networks, source))
    .catch((thrown: unknown) => {
      classifier.putBack();
      throw thrown;
    });
  const close = (): void => {
    classifier.putBack();
    pictures.putBack();
  };
  const models = { classifier: classifier.item, pictures: pictures.item };
  return new LoadedVersion(ref, card, models, close, onFault);
}

async function openPictures(networks: NetworkSource, source: string): Promise<PictureReader> {
  const bytesOf = async (role: NetworkRole): Promise<Uint8Array | undefined> =>
    networks.sha256Of(role) === undefined ? undefined : (await networks.read(role)).bytes;
  const bytes = {
    finder: (await networks.read('finder')).bytes,
    reader: (await networks.read('reader')).bytes,
    thumbnail: await bytesOf('thumbnail'),
    detector: await bytesOf('detector'),
    verifier: await bytesOf('verifier'),
  };
  return createPictureReader(
    bytes,
    {},
    {
      finder: `the finder of ${source}`,
      reader: `the reader of ${source}`,
      thumbnail: `the thumbnail reader of ${source}`,
      detector: `the detector of ${source}`,
      verifier: `the verifier of ${source}`,
    },
  );
}
