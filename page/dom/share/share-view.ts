import type { InkStroke } from '../../ink.js';
import { encodeStrokes, decodeStrokes, MAX_LINK_LENGTH } from '../../share/stroke-link.js';
import { text } from '../../words/words.js';
import { byId } from '../elements.js';
import { saveFile } from '../save-file.js';
import { paintCard, type CardContent } from './card.js';

/** In the fragment of the address, which browsers never send. */
const PREFIX = '#d=';

export interface ShareDeps {
  /** The drawing on the paper; empty where there is none. */
  readonly strokes: () => readonly InkStroke[];
  /** What is on the card. */
  readonly content: () => CardContent;
  readonly say: (said: string) => void;
}

/** A link that carries the drawing, and a picture of drawing and answer. */
export class ShareView {
  readonly #deps: ShareDeps;
  readonly #link = byId('copy-link', HTMLButtonElement);
  readonly #card = byId('save-card', HTMLButtonElement);

  constructor(deps: ShareDeps) {
    this.#deps = deps;
    this.#link.addEventListener('click', () => void this.#copyLink());
    this.#card.addEventListener('click', () => void this.#saveCard());
  }

  /** A file has no strokes that a link could carry. */
  offer(hasStrokes: boolean): void {
    this.#link.hidden = !hasStrokes;
  }

  async #copyLink(): Promise<void> {
    const encoded = encodeStrokes(this.#deps.strokes());
    if (encoded.length > MAX_LINK_LENGTH) {
      this.#tell(this.#link, text('tooLong'));
      return;
    }
    const address = `${location.origin}${location.pathname}${PREFIX}${encoded}`;
    try {
      await navigator.clipboard.writeText(address);
      this.#tell(this.#link, text('linkCopied'));
    } catch {
      history.replaceState(null, '', address);
      this.#tell(this.#link, text('linkSelected'));
    }
  }

  async #saveCard(): Promise<void> {
    const card = await paintCard(this.#deps.content());
    const file = new File([card], 'inkdigit.png', { type: 'image/png' });
    const isTouch = matchMedia('(hover: none)').matches;
    if (isTouch && canShare(file)) {
      await navigator.share({ files: [file] }).catch(() => {});
      return;
    }
    saveFile(file.name, file);
    this.#tell(this.#card, text('cardSaved'));
  }

  /** On the button for who sees it, aloud for who does not. */
  #tell(button: HTMLButtonElement, said: string): void {
    this.#deps.say(said);
    const own = button.dataset['t'];
    button.textContent = said;
    const key = own === 'copyLink' ? 'copyLink' : 'saveCard';
    setTimeout(() => (button.textContent = text(key)), 3_000);
  }
}

/** The drawing that a link carries; `null` where there is none. */
export function sharedStrokes(): readonly InkStroke[] | null {
  const { hash } = location;
  return hash.startsWith(PREFIX) ? decodeStrokes(hash.slice(PREFIX.length)) : null;
}

function canShare(file: File): boolean {
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- not every browser has it
  return navigator.canShare?.({ files: [file] }) ?? false;
}
