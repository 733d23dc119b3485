import { text } from '../../words/words.js';
import { byId } from '../elements.js';

/** A file on the sheet, in place of a drawing; its name alone where the browser cannot show it. */
export class PictureView {
  readonly #image = byId('picture', HTMLImageElement);
  readonly #name = byId('picture-name', HTMLElement);
  #file: File | null = null;

  constructor() {
    // Broken, or of a format that only the service knows.
    this.#image.addEventListener('error', () => this.#show(false));
    this.#image.addEventListener('load', () => this.#show(true));
  }

  get file(): File | null {
    return this.#file;
  }

  put(file: File | null): void {
    if (this.#image.src) URL.revokeObjectURL(this.#image.src);
    this.#file = file;
    this.#name.textContent = file?.name ?? '';
    this.#image.alt = file ? text('pictureOf', { name: file.name }) : '';
    this.#show(file !== null);
    if (file) this.#image.src = URL.createObjectURL(file);
    else this.#image.removeAttribute('src');
  }

  #show(isImage: boolean): void {
    this.#image.hidden = this.#file === null || !isImage;
    this.#name.hidden = this.#file === null || isImage;
  }
}
