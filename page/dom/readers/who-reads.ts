import { MnistClientError, type MnistClient, type ModelCard } from '../../../src/client/exports.js';
import { privacyOf, readByOf, sourceOf, type ServiceKnown } from '../../readers/choose-reader.js';
import { deviceReader } from '../../readers/device-reader.js';
import type { PageReader, ReadBy } from '../../readers/page-reader.js';
import { serviceReader } from '../../readers/service-reader.js';
import { byId } from '../elements.js';
import { ReadByChoice } from './read-by-choice.js';
import { openReaderPort } from './reader-port.js';
import { isAlone } from './stand-alone.js';

/** The SHA-256 of the model of frames that ships, put in by the build. */
declare const FRAMES_SHA256: string;

/** Who reads the pictures of the page, and what is said of it. */
export class WhoReads {
  readonly #readers: Readonly<Record<ReadBy, PageReader>>;
  readonly #choice: ReadByChoice;
  readonly #source = byId('source', HTMLElement);
  readonly #privacy = byId('privacy', HTMLElement);
  #service: ServiceKnown = { kind: isAlone ? 'none' : 'silent' };
  /** Until the service was asked what it has, no one knows who is to read. */
  #asking: Promise<unknown> = Promise.resolve();

  /**
   * @param client what asks the service, with the key that there is now
   * @param onChange another one reads from now on
   */
  constructor(client: () => MnistClient, onChange: () => void) {
    this.#readers = { service: serviceReader(client), device: deviceReader(openReaderPort) };
    this.#choice = new ReadByChoice(() => {
      this.show();
      onChange();
    });
    this.show();
  }

  /**
   * Learns from the answer to what model the service has.
   * @returns the same answer
   */
  learn(card: Promise<ModelCard>): Promise<ModelCard> {
    if (!isAlone) {
      this.#asking = card.then(
        ({ file }) => void (this.#service = { kind: 'open', modelSha256: file.sha256 }),
        (thrown: unknown) => {
          const isClosed = thrown instanceof MnistClientError && thrown.status === 401;
          this.#service = { kind: isClosed ? 'closed' : 'silent' };
        },
      );
      void this.#asking.then(() => this.show());
    }
    return card;
  }

  /** Who reads the next picture. */
  async reader(): Promise<PageReader> {
    await this.#asking;
    return this.#readers[this.#readBy];
  }

  /** Who reads many files: the service, where there is one. */
  get ofFiles(): PageReader | null {
    return isAlone ? this.#readers.device : null;
  }

  /** Says who read what is shown. */
  showSource(readBy: ReadBy): void {
    this.#source.textContent = sourceOf(readBy);
  }

  get #readBy(): ReadBy {
    return readByOf(this.#choice.value, this.#service, FRAMES_SHA256);
  }

  /** Also when the language is another one. */
  show(): void {
    const readBy = this.#readBy;
    this.#choice.show(readBy, this.#service.kind);
    this.#privacy.textContent = privacyOf(readBy, this.#service);
    this.showSource(readBy);
  }
}
