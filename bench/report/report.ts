import { markFigures, type Figures } from './standing.js';
import { markdownTable } from './table.js';

/** What a benchmark found. */
export interface BenchmarkResult {
  /** How it was measured, in a sentence or two. */
  readonly method: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What a reader has to know about the table; one paragraph each. */
  readonly notes: readonly string[];
  /** The measured ones among the figures with a requirement. */
  readonly figures?: Figures;
}

export interface BenchmarkOptions {
  /** A few seconds to see that it works; the figures mean nothing. */
  readonly quick: boolean;
  /** The model to measure instead of the shipped one, where a benchmark measures a model. */
  readonly model?: string;
}

/** One question about speed and the program that answers it. */
export interface Benchmark {
  readonly name: string;
  readonly question: string;
  /** `false` where other work on the machine changes nothing of what is found: accuracies and sizes. */
  readonly isTimed?: boolean;
  readonly run: (options: BenchmarkOptions) => Promise<BenchmarkResult>;
}

/** Where and when the figures were measured. */
export interface Setting {
  readonly machine: string;
  readonly date: Date;
}

/** Threads that wait for one another suffer most from work of others. */
const LARGEST_BUSY_SHARE = 0.1;

/**
 * Why a run may not be recorded: a figure that others may have disturbed is no figure. `null` where it may.
 * @param busy share of the processors' time that others took just before, 0..1
 */
export function refusalToRecord({ name, isTimed = true }: Benchmark, busy: number): string | null {
  if (!isTimed || busy <= LARGEST_BUSY_SHARE) return null;
  return (
    `${name} is not recorded: other work took ${Math.round(busy * 100)} % of the machine just before, expected at ` +
    `most ${LARGEST_BUSY_SHARE * 100} %. Run it again when the machine is idle.`
  );
}

/** The section of `docs/notebook/benchmarks.md` that answers a benchmark's question. */
export function renderSection(question: string, result: BenchmarkResult, { machine, date }: Setting): string {
  const table = result.columns.length > MOST_COLUMNS ? transposed(result) : result;
  const isOfNumbers = (column: number): boolean =>
    table.rows.every((cells) => /^(\d|$)/.test(cells[column] ?? ''));
  const rule = table.columns.map((_, column) => (isOfNumbers(column) ? '---:' : '---'));
  return [
    `## ${question}`,
    `${date.toISOString().slice(0, 10)}, ${machine}. ${result.method}`,
    markdownTable(table.columns, rule, table.rows),
    ...result.notes,
    ...(result.figures ? [markFigures(result.figures)] : []),
  ].join('\n\n');
}

/** A wider table would not fit on a page. */
const MOST_COLUMNS = 10;

type Table = Pick<BenchmarkResult, 'columns' | 'rows'>;

/** Rows as columns: the first column names the others. */
function transposed({ columns, rows }: Table): Table {
  const lines = columns.map((name, column) => [name, ...rows.map((cells) => cells[column] ?? '')]);
  const [head = [], ...body] = lines;
  return { columns: head, rows: body };
}

const END = '<!-- end -->';

/**
 * Puts a benchmark's section in the place of its last one, between `<!-- bench: NAME -->` and `<!-- end -->`, or at
 * the document's end when it has none yet. The rest stays as it is.
 * @throws Error when the section's end is not marked: what follows it would be lost
 */
export function replaceSection(document: string, name: string, section: string): string {
  const begin = `<!-- bench: ${name} -->`;
  const marked = `${begin}\n\n${section}\n\n${END}`;
  const from = document.indexOf(begin);
  if (from < 0) return `${document.trimEnd()}\n\n${marked}\n`;
  const to = document.indexOf(END, from);
  const next = document.indexOf('<!-- bench: ', from + begin.length);
  if (to < 0 || (next >= 0 && next < to)) {
    throw new Error(`Expected ${END} after ${begin} and before the next section; put it back.`);
  }
  return document.slice(0, from) + marked + document.slice(to + END.length);
}
