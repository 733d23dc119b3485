import { isDigit, percent } from '../answers.js';
import { isRead, type DigitTable, type Row, type RowState } from '../digit-table.js';
import type { PageReading } from '../number/picture-asker.js';
import { byId, make } from './elements.js';
import { boxOver } from './found-box.js';

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
    if (state.kind !== 'read' || state.reading.kind !== 'digit') return [];
    return [this.#picture(state.reading.answer.frame, 'Model input')];
  }

  /** The picture, and over it where its digits were found. */
  #pictureOf(row: Row<Blob>): HTMLElement {
    const image = this.#picture(this.#urlOf(row), `The picture ${row.name}`);
    const whole = make('div', 'thumb-picture', image);
    const boxes = row.state.kind === 'read' ? boxesOf(row.state.reading) : [];
    if (boxes.length > 0) {
      image.addEventListener('load', () => {
        const marks = boxOver(image.naturalWidth, image.naturalHeight);
        for (const box of boxes) marks.add(box);
        whole.append(marks.element);
      });
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

/** The digit or the number with its probability, or in one wide cell why there is none. */
function resultCells(state: RowState): HTMLElement[] {
  if (state.kind === 'read') {
    const { reading } = state;
    const text = isRead(reading) ? textOf(reading) : '–';
    const cell = make('td', reading.kind === 'number' ? 'file-digit file-number' : 'file-digit', text);
    return [cell, make('td', 'file-probability', noteOf(reading))];
  }
  const note = make('td', 'file-note', state.kind === 'waiting' ? 'Reading …' : state.message);
  note.colSpan = 2;
  return [note];
}

function textOf(reading: PageReading): string {
  return reading.kind === 'digit' ? String(reading.answer.class) : reading.number.text;
}

function noteOf(reading: PageReading): string {
  if (reading.kind === 'digit') {
    return isDigit(reading.answer) ? percent(reading.answer.probability) : 'Not a digit';
  }
  const { digits, accepted, probability } = reading.number;
  if (digits.length === 0) return 'No digits';
  return accepted ? percent(probability) : `${percent(probability)}, not accepted`;
}

function boxesOf(reading: PageReading): readonly (readonly number[])[] {
  if (reading.kind === 'number') return reading.number.digits.map(({ box }) => box);
  return reading.answer.box ? [reading.answer.box] : [];
}
