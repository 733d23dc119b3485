import type { Work } from '../work.js';
import type { Box, Plane } from '../plane.js';
import { zeros } from './zeros.js';

/** Pixels that hang together, by sides or corners. */
export interface Component extends Box {
  /** Pixels. */
  readonly area: number;
  /** The highest of their values. */
  readonly peak: number;
  /** How many of them lie on the border of the plane. */
  readonly onBorder: number;
}

/** Stretches of a row: run i is `from[i] … to[i] - 1` of `row[i]`, and part of the component `component[i]`. */
export interface Runs {
  readonly row: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly component: Int32Array;
}

export interface Labelled {
  readonly components: readonly Component[];
  readonly runs: Runs;
}

/** Runs between two pauses: a millisecond or two of work. */
const RUNS_A_TURN = 16_384;

/**
 * The connected components of all pixels of at least `threshold`, neighbours by sides and corners. One pass over the
 * plane, and a union of the runs of neighbouring rows: https://en.wikipedia.org/wiki/Connected-component_labeling.
 */
export function* labelComponents(plane: Plane, threshold: number): Work<Labelled> {
  const { row, from, to, parent } = yield* joinRuns(plane, threshold);
  const component = zeros(Int32Array, row.length);
  const components: MutableComponent[] = [];
  for (let run = 0; run < row.length; run++) {
    if (run % RUNS_A_TURN === RUNS_A_TURN - 1) yield;
    const root = rootOf(parent, run);
    // A root is its component's first run.
    const index = root === run ? components.length : component[root]!;
    component[run] = index;
    if (root === run) components.push(emptyComponent(row[run]!, from[run]!));
    addRun(components[index]!, plane, row[run]!, from[run]!, to[run]!);
  }
  return { components, runs: { row, from, to, component } };
}

type MutableComponent = { -readonly [Key in keyof Component]: Component[Key] };

/** What a pixel is added to. */
function emptyComponent(row: number, column: number): MutableComponent {
  return { left: column, top: row, right: column, bottom: row, area: 0, peak: 0, onBorder: 0 };
}

function addRun(
  component: MutableComponent,
  { width, height, data }: Plane,
  row: number,
  from: number,
  to: number,
): void {
  // Runs come from the top.
  component.bottom = row;
  if (from < component.left) component.left = from;
  if (to - 1 > component.right) component.right = to - 1;
  component.area += to - from;
  let { peak } = component;
  for (let i = row * width + from, end = row * width + to; i < end; i++) {
    if (data[i]! > peak) peak = data[i]!;
  }
  component.peak = peak;
  if (row === 0 || row === height - 1) component.onBorder += to - from;
  else component.onBorder += (from === 0 ? 1 : 0) + (to === width && width > 1 ? 1 : 0);
}

function* joinRuns(
  { width, height, data }: Plane,
  threshold: number,
): Work<{ row: Int32Array; from: Int32Array; to: Int32Array; parent: Int32Array }> {
  // Levels are whole numbers, which are quicker to compare.
  const least = Math.ceil(threshold);
  const count = countRuns(width, data, least);
  const row = zeros(Int32Array, count);
  const from = zeros(Int32Array, count);
  const to = zeros(Int32Array, count);
  const parent = zeros(Int32Array, count);
  let run = 0;
  let above = 0;
  let firstOfRow = 0;
  let nextPause = RUNS_A_TURN;
  for (let y = 0; y < height; y++) {
    if (run >= nextPause) {
      nextPause += RUNS_A_TURN;
      yield;
    }
    const endOfAbove = run;
    above = firstOfRow;
    firstOfRow = endOfAbove;
    const start = y * width;
    for (let x = 0; x < width; x++) {
      if (data[start + x]! < least) continue;
      const first = x;
      while (x < width && data[start + x]! >= least) x++;
      row[run] = y;
      from[run] = first;
      to[run] = x;
      parent[run] = run;
      // Those above that end before this one begins touch none of this row's later ones either.
      while (above < endOfAbove && to[above]! < first) above++;
      for (let other = above; other < endOfAbove && from[other]! <= x; other++) join(parent, other, run);
      run++;
    }
  }
  return { row, from, to, parent };
}

function countRuns(width: number, data: Uint8Array, least: number): number {
  let count = 0;
  for (let i = 0, x = 0, wasInk = false; i < data.length; i++) {
    const isInk = data[i]! >= least;
    if (isInk && (!wasInk || x === 0)) count++;
    wasInk = isInk;
    if (++x === width) x = 0;
  }
  return count;
}

/** The smaller becomes the root: it is the first run of its component. */
function join(parent: Int32Array, a: number, b: number): void {
  const rootA = rootOf(parent, a);
  const rootB = rootOf(parent, b);
  if (rootA < rootB) parent[rootB] = rootA;
  else parent[rootA] = rootB;
}

function rootOf(parent: Int32Array, run: number): number {
  let root = run;
  while (parent[root] !== root) {
    parent[root] = parent[parent[root]!]!;
    root = parent[root]!;
  }
  return root;
}
