import { NONE } from '../../answers.js';
import { entriesOf, labelText, TRAIN_COMMAND, type Correction } from '../../share/corrections.js';
import { count, text } from '../../words/words.js';
import { zip } from '../../share/zip.js';
import { byId, make } from '../elements.js';
import { saveFile } from '../save-file.js';
import { CorrectionStore } from './correction-store.js';

export interface CorrectionEvents {
  /** The picture that lies on the paper now. */
  readonly picture: () => Promise<Blob | null>;
  /** Whether the service collects corrections. */
  readonly isCollecting: () => Promise<boolean>;
  /** Sends a correction to a service that collects. @returns whether it took it; `null` where it does not collect */
  readonly send: (correction: Correction) => Promise<boolean | null>;
  readonly say: (said: string) => void;
}

/** "Wrong? Tap what it is": one tap keeps the picture with its digit, and the panel takes all of them along. */
export class CorrectionView {
  readonly #events: CorrectionEvents;
  readonly #store = new CorrectionStore();
  readonly #block = byId('correct', HTMLElement);
  readonly #digits = byId('correct-digits', HTMLElement);
  readonly #done = byId('correct-done', HTMLElement);
  readonly #said = byId('correct-said', HTMLElement);
  readonly #panel = byId('corrections', HTMLDetailsElement);
  readonly #about = byId('corrections-about', HTMLElement);
  readonly #count = byId('corrections-count', HTMLElement);
  #last: string | null = null;

  constructor(events: CorrectionEvents) {
    this.#events = events;
    for (let label = 0; label <= NONE; label++) this.#digits.append(this.#button(label));
    byId('train-command', HTMLElement).textContent = TRAIN_COMMAND;
    byId('correct-undo', HTMLButtonElement).addEventListener('click', () => void this.#takeBack());
    byId('corrections-save', HTMLButtonElement).addEventListener('click', () => void this.#save());
    byId('corrections-clear', HTMLButtonElement).addEventListener('click', () => void this.#clear());
    void this.show();
  }

  /** There is an answer to correct, or none. */
  offer(isThere: boolean): void {
    this.#block.hidden = !isThere;
    this.#digits.hidden = false;
    this.#done.hidden = true;
    byId('correct-title', HTMLElement).hidden = false;
  }

  /** Also when the language is another one. */
  async show(): Promise<void> {
    const { length } = await this.#store.all();
    this.#panel.hidden = length === 0;
    const isCollecting = length > 0 && (await this.#events.isCollecting());
    this.#about.textContent = text(isCollecting ? 'correctionsSent' : 'correctionsAbout');
    this.#count.textContent = text('corrections', { n: count(length) });
    for (const button of this.#digits.querySelectorAll('button')) {
      button.ariaLabel = text('itIs', { text: labelText(Number(button.value)) });
    }
  }

  #button(label: number): HTMLButtonElement {
    const button = make('button', '', label === NONE ? '✕' : String(label));
    button.type = 'button';
    button.value = String(label);
    button.addEventListener('click', () => void this.#keep(label));
    return button;
  }

  async #keep(label: number): Promise<void> {
    const picture = await this.#events.picture();
    if (!picture) return;
    const bytes = new Uint8Array(await picture.arrayBuffer());
    const correction = { sha256: await sha256Of(bytes), label, bytes, type: picture.type };
    await this.#store.put(correction);
    this.#last = correction.sha256;
    const taken = await this.#events.send(correction);
    const key = taken === null ? 'kept' : taken ? 'sent' : 'notSent';
    const said = text(key, { text: labelText(label) });
    this.#said.textContent = said;
    this.#digits.hidden = true;
    byId('correct-title', HTMLElement).hidden = true;
    this.#done.hidden = false;
    byId('correct-undo', HTMLButtonElement).focus({ preventScroll: true });
    this.#events.say(said);
    await this.show();
  }

  async #takeBack(): Promise<void> {
    if (this.#last !== null) await this.#store.remove(this.#last);
    this.#last = null;
    this.offer(true);
    this.#digits.querySelector('button')?.focus({ preventScroll: true });
    this.#events.say(text('takenBack'));
    await this.show();
  }

  async #save(): Promise<void> {
    const archive = zip(entriesOf(await this.#store.all()));
    saveFile('corrections.zip', new Blob([archive], { type: 'application/zip' }));
  }

  async #clear(): Promise<void> {
    await this.#store.clear();
    this.#last = null;
    await this.show();
    byId('paper', HTMLElement).focus();
  }
}

/** Pages of an insecure origin have no digests: then by length and a sum, which tells drawings apart well enough. */
async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- it is missing where the origin is not secure
  if (!crypto.subtle) return weakDigest(bytes);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function weakDigest(bytes: Uint8Array): string {
  let [a, b] = [0x811c9dc5, bytes.length];
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = (Math.imul(b, 31) + byte) | 0;
  }
  return [a, b].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}
