import { DigitTable } from '../../files/digit-table.js';
import { inSeconds, type Problem } from '../../problems.js';
import { toCsv, toJson } from '../../files/table-export.js';
import { readTable, retryTableMs, type ReadAll } from '../../files/table-reader.js';
import { text } from '../../words/words.js';
import { byId } from '../elements.js';
import { saveFile } from '../save-file.js';
import { TableView } from './table-view.js';

export interface TablePanelDeps {
  readonly readAll: ReadAll<File>;
  /** A row is to be looked at closely. */
  readonly onOpen: (file: File) => void;
  /** The table is gone: the focus needs another place. */
  readonly onCleared: () => void;
  readonly onKeyWanted: () => void;
}

/** Many pictures: read one batch after the other, again by itself after an outage, sorted, and taken along. */
export class TablePanel {
  readonly #deps: TablePanelDeps;
  readonly #table = new DigitTable<File>();
  readonly #view: TableView;
  readonly #problem = byId('files-problem', HTMLElement);
  readonly #problemText = byId('files-problem-text', HTMLElement);
  #isReading = false;
  #failures = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: TablePanelDeps) {
    this.#deps = deps;
    this.#view = new TableView(this.#table, {
      onOpen: deps.onOpen,
      onSort: (column) => {
        this.#table.sortBy(column);
        this.#view.show();
      },
    });
    byId('files-retry', HTMLButtonElement).addEventListener('click', () => this.retry());
    byId('files-clear', HTMLButtonElement).addEventListener('click', () => this.#clear());
    byId('files-csv', HTMLButtonElement).addEventListener('click', () => {
      saveFile('digits.csv', new Blob([toCsv(this.#table.rows)], { type: 'text/csv' }));
    });
    byId('files-json', HTMLButtonElement).addEventListener('click', () => {
      saveFile('digits.json', new Blob([toJson(this.#table.rows)], { type: 'application/json' }));
    });
    window.addEventListener('online', () => this.retry());
    this.#view.show();
  }

  add(files: readonly File[]): void {
    for (const file of files) this.#table.add(file, file.name, file.size);
    this.#view.show();
    this.#view.scrollTo();
    void this.#read();
  }

  /** Whatever was read is read again: another question is asked, or another reader. */
  readAgain(): void {
    this.#table.askAgain();
    this.retry();
  }

  /** What could not be asked about is asked about now. */
  retry(): void {
    clearTimeout(this.#retryTimer);
    this.#table.retryFailed();
    this.#view.show();
    void this.#read();
  }

  /** The language is another one. */
  redraw(): void {
    this.#view.redraw();
  }

  #clear(): void {
    clearTimeout(this.#retryTimer);
    this.#table.clear();
    this.#showProblem(null, null);
    this.#view.show();
    this.#deps.onCleared();
  }

  async #read(): Promise<void> {
    if (this.#isReading) return; // it goes on until nothing waits
    this.#isReading = true;
    const problem = await readTable(this.#table, this.#deps.readAll, () => this.#view.show());
    this.#isReading = false;
    this.#failures = problem ? this.#failures + 1 : 0;
    const isLeft = problem !== null && this.#table.hasFailed;
    const retryMs = isLeft ? retryTableMs(problem, this.#failures) : null;
    this.#showProblem(isLeft ? problem : null, retryMs);
    if (problem?.wantsKey) this.#deps.onKeyWanted();
    if (retryMs !== null) this.#retryTimer = setTimeout(() => this.retry(), retryMs);
  }

  #showProblem(problem: Problem | null, retryMs: number | null): void {
    this.#problem.hidden = problem === null;
    if (!problem) return;
    const again = retryMs === null ? '' : ` ${text('keptAgain', { when: inSeconds(retryMs) })}`;
    this.#problemText.textContent = `${problem.title}. ${problem.advice}${again}`;
  }
}
