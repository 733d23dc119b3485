import { make } from '../../dom/elements.js';

/** A digit that comes with the page. */
export interface Sample {
  /** Where it lies in the repository, as `examples/digits/7.png`. */
  readonly path: string;
  readonly base64: string;
}

/** Sample digits to choose from, and files of one's own. */
export class ImagePicker {
  readonly element: HTMLFieldSetElement;
  readonly #samples: readonly { readonly sample: Sample; readonly box: HTMLInputElement }[];
  readonly #input = make('input');

  /** @param chosen the path of the sample that is chosen at first */
  constructor(samples: readonly Sample[], chosen: string) {
    this.#samples = samples.map((sample) => {
      const box = make('input');
      box.type = 'checkbox';
      box.checked = sample.path === chosen;
      return { sample, box };
    });
    const labels = this.#samples.map(({ sample, box }) => {
      const picture = make('img');
      picture.src = `data:image/png;base64,${sample.base64}`;
      picture.alt = sample.path.replace(/^.*\/|\..*$/g, '');
      return make('label', 'sample', box, picture);
    });
    this.#input.type = 'file';
    this.#input.multiple = true;
    this.#input.accept = 'image/*';
    const files = make('label', 'field', 'Files of yours', this.#input);
    const legend = make('legend', '', 'Images');
    this.element = make('fieldset', 'images', legend, make('div', 'samples', ...labels), files);
  }

  /** What is chosen: samples by their path, then files. */
  files(): File[] {
    const chosen = this.#samples
      .filter(({ box }) => box.checked)
      .map(({ sample }) => new File([bytesOf(sample.base64)], sample.path, { type: 'image/png' }));
    return [...chosen, ...(this.#input.files ?? [])];
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
