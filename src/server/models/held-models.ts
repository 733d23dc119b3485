import type { ModelCard } from '../../model/card/card.js';
import { createClassifier, type Classifier } from '../../model/classifier.js';
import type { DigitModels } from '../../model/digit-models.js';
import { createPictureReader } from '../../model/pictures/picture-reader.js';
import type { PictureReader } from '../../reading/picture-reading.js';
import type { VersionContent } from '../../store/version-files.js';
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

/**
 * Opens the networks of a version, but for those that are open already. Each takes a turn of its own, between which
 * requests have theirs.
 * @throws InkdigitError `invalid_model`
 */
export async function loadVersion(
  ref: VersionRef,
  { networks }: VersionContent,
  open: OpenNetworks,
  onFault?: (thrown: unknown) => void,
): Promise<LoadedVersion> {
  const { model, finder, reader, thumbnail, detector, verifier } = networks;
  const source = `version ${ref.version}`;
  const classifier = await open.classifiers.take(model.sha256, () => createClassifier(model.bytes, {}, source));
  if (!finder || !reader) {
    return new LoadedVersion(
      ref,
      model.card,
      { classifier: classifier.item },
      () => classifier.putBack(),
      onFault,
    );
  }
  const key = [finder, reader, thumbnail, detector, verifier].map((network) => network?.sha256 ?? '').join();
  const bytes = {
    finder: finder.bytes,
    reader: reader.bytes,
    thumbnail: thumbnail?.bytes,
    detector: detector?.bytes,
    verifier: verifier?.bytes,
  };
  const sources = {
    finder: `the finder of ${source}`,
    reader: `the reader of ${source}`,
    thumbnail: `the thumbnail reader of ${source}`,
    detector: `the detector of ${source}`,
    verifier: `the verifier of ${source}`,
  };
  const pictures = await open.pictures
    .take(key, () => createPictureReader(bytes, {}, sources))
    .catch((thrown: unknown) => {
      classifier.putBack();
      throw thrown;
    });
  const close = (): void => {
    classifier.putBack();
    pictures.putBack();
  };
  const models = { classifier: classifier.item, pictures: pictures.item };
  return new LoadedVersion(ref, model.card, models, close, onFault);
}
