import { isDigit, percent } from '../answers.js';
import type { DigitTable, Row, RowState } from '../digit-table.js';
import { byId, make } from './elements.js';
import { foundBox } from './found-box.js';

/** The table of many pictures. */
export class TableView {
  readonly #table: DigitTable<Blob>;
  readonly #section = byId('files', HTMLElement);
  readonly #body = byId('file-rows', HTMLTableSectionElement);
  readonly #summary = byId('files-summary', HTMLElement);
  readonly #retry = byId('files-retry', HTMLButtonElement);
  readonly #shown = new Map<number, { readonly row: Row<Blob>; readonly element: HTMLTableRowElement }>();
  readonly #urls = new Map<number, string>();

  constructor(table: DigitTable<Blob>) {
    this.#table = table;
  }

  /** Brings the table up to date; rows that have not changed are left alone. */
  show(): void {
    const { rows, hasFailed } = this.#table;
    const ids = new Set(rows.map(({ id }) => id));
    for (const id of [...this.#shown.keys()].filter((shown) => !ids.has(shown))) this.#remove(id);
    for (const row of rows) {
      const shown = this.#shown.get(row.id);
      if (shown?.row === row) continue;
      const element = this.#make(row);
      if (shown) shown.element.replaceWith(element);
      else this.#body.append(element);
      this.#shown.set(row.id, { row, element });
    }
    this.#section.hidden = rows.length === 0;
    this.#section.ariaBusy = String(rows.some(({ state }) => state.kind === 'waiting'));
    this.#retry.hidden = !hasFailed;
    const summary = this.#table.summary();
    if (this.#summary.textContent !== summary) this.#summary.textContent = summary;
  }

  scrollTo(): void {
    this.#section.scrollIntoView({ block: 'start' });
  }

  #make(row: Row<Blob>): HTMLTableRowElement {
    const name = make('th', 'file-name', row.name);
    name.scope = 'row';
    return make(
      'tr',
      row.state.kind,
      make('td', 'thumb', this.#pictureOf(row)),
      make('td', 'thumb pixels', ...this.#frame(row.state)),
      name,
      ...resultCells(row.state),
    );
  }

  #frame(state: RowState): HTMLElement[] {
    return state.kind === 'read' ? [this.#picture(state.answer.frame, 'Model input')] : [];
  }

  /** The picture, and over it where its digit was found. */
  #pictureOf(row: Row<Blob>): HTMLElement {
    const image = this.#picture(this.#urlOf(row), `The picture ${row.name}`);
    const whole = make('div', 'thumb-picture', image);
    const box = row.state.kind === 'read' ? row.state.answer.box : undefined;
    if (box) {
      image.addEventListener('load', () =>
        whole.append(foundBox(box, image.naturalWidth, image.naturalHeight)),
      );
    }
    return whole;
  }

  #picture(url: string, alternativeText: string): HTMLImageElement {
    const image = make('img');
    image.alt = alternativeText;
    image.decoding = 'async';
    image.loading = 'lazy';
    // A format that only the service knows.
    image.addEventListener('error', () => (image.hidden = true));
    image.src = url;
    return image;
  }

  #urlOf({ id, file }: Row<Blob>): string {
    const url = this.#urls.get(id) ?? URL.createObjectURL(file);
    this.#urls.set(id, url);
    return url;
  }

  #remove(id: number): void {
    this.#shown.get(id)?.element.remove();
    this.#shown.delete(id);
    URL.revokeObjectURL(this.#urls.get(id) ?? '');
    this.#urls.delete(id);
  }
}

/** The digit with its probability, or in one wide cell why there is none. */
function resultCells(state: RowState): HTMLElement[] {
  if (state.kind === 'read') {
    const { answer } = state;
    const digit = make('td', 'file-digit', isDigit(answer) ? String(answer.class) : '–');
    const note = isDigit(answer) ? percent(answer.probability) : 'Not a digit';
    return [digit, make('td', 'file-probability', note)];
  }
  const note = make('td', 'file-note', state.kind === 'waiting' ? 'Reading …' : state.message);
  note.colSpan = 2;
  return [note];
}
