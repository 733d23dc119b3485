import { isDigit } from '../../answers.js';
import {
  isRead,
  readProbability,
  readText,
  type DigitTable,
  type Row,
  type RowState,
  type SortColumn,
} from '../../files/digit-table.js';
import type { PageReading } from '../../number/picture-asker.js';
import { percent, text } from '../../words/words.js';
import { byId, make } from '../elements.js';
import { boxOver } from '../answer/found-box.js';

/** What is done with rows. */
export interface TableEvents {
  /** A row is to be looked at closely. */
  readonly onOpen: (file: File) => void;
  readonly onSort: (column: SortColumn) => void;
}

/** The table of many pictures. */
export class TableView {
  readonly #table: DigitTable<File>;
  readonly #events: TableEvents;
  readonly #section = byId('files', HTMLElement);
  readonly #body = byId('file-rows', HTMLTableSectionElement);
  readonly #summary = byId('files-summary', HTMLElement);
  readonly #sorters = [...this.#section.querySelectorAll<HTMLButtonElement>('[data-sort]')];
  readonly #shown = new Map<number, { readonly row: Row<File>; readonly element: HTMLTableRowElement }>();
  readonly #urls = new Map<number, string>();

  constructor(table: DigitTable<File>, events: TableEvents) {
    this.#table = table;
    this.#events = events;
    for (const sorter of this.#sorters) {
      const column = columnOf(sorter.dataset['sort']);
      sorter.addEventListener('click', () => events.onSort(column));
    }
  }

  /** Brings the table up to date; rows that have not changed are left alone. */
  show(): void {
    const { rows } = this.#table;
    const ids = new Set(rows.map(({ id }) => id));
    for (const id of [...this.#shown.keys()].filter((shown) => !ids.has(shown))) this.#remove(id);
    const elements = rows.map((row) => {
      const shown = this.#shown.get(row.id);
      if (shown?.row === row) return shown.element;
      const element = this.#make(row);
      shown?.element.replaceWith(element);
      this.#shown.set(row.id, { row, element });
      return element;
    });
    this.#order(elements);
    this.#showSorting();
    this.#section.hidden = rows.length === 0;
    this.#section.ariaBusy = String(rows.some(({ state }) => state.kind === 'waiting'));
    const summary = this.#table.summary();
    if (this.#summary.textContent !== summary) this.#summary.textContent = summary;
  }

  /** Every row anew: the language is another one. */
  redraw(): void {
    for (const { element } of this.#shown.values()) element.remove();
    this.#shown.clear();
    this.show();
  }

  scrollTo(): void {
    this.#section.scrollIntoView({ block: 'start' });
  }

  /** Moves rows only where they stand elsewhere: what has the focus keeps it. */
  #order(elements: readonly HTMLTableRowElement[]): void {
    elements.forEach((element, i) => {
      const there = this.#body.children[i];
      if (there !== element) this.#body.insertBefore(element, there ?? null);
    });
  }

  #showSorting(): void {
    const { sorting } = this.#table;
    for (const sorter of this.#sorters) {
      const head = sorter.closest('th');
      if (!head) continue;
      if (sorting?.column !== sorter.dataset['sort']) head.removeAttribute('aria-sort');
      else head.ariaSort = sorting?.isDescending ? 'descending' : 'ascending';
    }
  }

  #make(row: Row<File>): HTMLTableRowElement {
    const open = make('button', 'open-row', this.#pictureOf(row));
    open.type = 'button';
    open.ariaLabel = text('openRow', { name: row.name });
    open.addEventListener('click', () => this.#events.onOpen(row.file));
    const name = make('th', 'file-name', row.name);
    name.scope = 'row';
    return make(
      'tr',
      row.state.kind,
      make('td', 'thumb', open),
      make('td', 'thumb pixels', ...this.#frame(row.state)),
      name,
      ...resultCells(row.state),
    );
  }

  #frame(state: RowState): HTMLElement[] {
    if (state.kind !== 'read' || state.reading.kind !== 'digit') return [];
    return [this.#picture(state.reading.answer.frame, text('input'))];
  }

  /** The picture, and over it where its digits were found. */
  #pictureOf(row: Row<File>): HTMLElement {
    const image = this.#picture(this.#urlOf(row), '');
    const whole = make('span', 'thumb-picture', image);
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
    // A broken file, or a format that the browser does not know.
    image.addEventListener('error', () => {
      image.hidden = true;
      image.parentElement?.classList.add('broken');
    });
    image.src = url;
    return image;
  }

  #urlOf({ id, file }: Row<File>): string {
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

function columnOf(name: string | undefined): SortColumn {
  return name === 'read' || name === 'probability' ? name : 'name';
}

/** The digit or the number with its probability, or in one wide cell why there is none. */
function resultCells(state: RowState): HTMLElement[] {
  if (state.kind === 'read') {
    const { reading } = state;
    const cell = make('td', reading.kind === 'number' ? 'file-digit file-number' : 'file-digit');
    cell.textContent = readText(reading) || '–';
    return [cell, make('td', 'file-probability', noteOf(reading))];
  }
  const note = make('td', 'file-note', state.kind === 'refused' ? state.message : text(NOTES[state.kind]));
  note.colSpan = 2;
  return [note];
}

/** What is wrong with the service is said once, above the table. */
const NOTES = { waiting: 'rowWaits', failed: 'rowFailed' } as const;

function noteOf(reading: PageReading): string {
  const shown = percent(readProbability(reading));
  if (reading.kind === 'digit') return isDigit(reading.answer) ? shown : text('notDigit');
  if (!isRead(reading)) return text('noDigits');
  return reading.number.accepted ? shown : text('notAcceptedShort', { percent: shown });
}

function boxesOf(reading: PageReading): readonly (readonly number[])[] {
  if (reading.kind === 'number') return reading.number.digits.map(({ box }) => box);
  return reading.answer.box ? [reading.answer.box] : [];
}
