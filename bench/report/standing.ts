import { markdownTable } from './table.js';

/** Figures with a requirement and a target. */
export type FigureName =
  | 'shareOfLimit'
  | 'shareOfEcho'
  | 'costBesidePeerLarge'
  | 'costBesidePeerSmall'
  | 'costBesideNativeLarge'
  | 'costBesideNativeMany'
  | 'costBesideNativeFew'
  | 'costBesideNativeOne'
  | 'memoryBesideNative'
  | 'p99BesideIdle'
  | 'p99BesideSwaps'
  | 'readySeconds'
  | 'residentMegabytes'
  | 'residentGrowth'
  | 'goodputAtTwice'
  | 'goodputAtTenfold'
  | 'goodputByProcessor'
  | 'slowestLivezMs'
  | 'replacedSeconds'
  | 'eightBitCost';

/** Figures by name; what cannot be measured on a machine is left out, or no number. */
export type Figures = Readonly<Partial<Record<FigureName, number>>>;

/** What one figure has to reach. */
interface Goal {
  readonly title: string;
  readonly required: number;
  readonly aim: number;
  readonly isBetter: 'higher' | 'lower';
  readonly write: (value: number) => string;
  /** The benchmark that measures it. */
  readonly benchmark: string;
}

const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
const seconds = (value: number): string => `${value.toFixed(2)} s`;
const times = (value: number): string => `${Number(value.toFixed(1))}x`;

const ratio = (value: number): string => `${value.toFixed(2)}x`;

/** Whole megabytes; what rounds to none has no sign. */
const megabytes = (value: number): string => `${Math.round(value) || 0} MB`;

/** A share of what another takes: 1/6, or 1.4x where it takes more. */
export function fraction(value: number): string {
  return value <= 1 ? `1/${Number((1 / value).toFixed(1))}` : times(value);
}

const GOALS: Readonly<Record<FigureName, Goal>> = {
  shareOfLimit: {
    title: 'images/s at 64 per request / upper bound',
    required: 0.7,
    aim: 0.85,
    isBetter: 'higher',
    write: percent,
    benchmark: 'capacity',
  },
  shareOfEcho: {
    title: 'requests/s at one image each / baseline',
    required: 0.5,
    aim: 0.7,
    isBetter: 'higher',
    write: percent,
    benchmark: 'capacity',
  },
  costBesidePeerLarge: {
    title: 'time per image at 64 per request / Flask, PyTorch',
    required: 1 / 6,
    aim: 1 / 15,
    isBetter: 'lower',
    write: fraction,
    benchmark: 'capacity',
  },
  costBesidePeerSmall: {
    title: 'time per request of one image / Flask, PyTorch',
    required: 1 / 5,
    aim: 1 / 10,
    isBetter: 'lower',
    write: fraction,
    benchmark: 'capacity',
  },
  costBesideNativeLarge: {
    title: 'time per image at 64 per request / native server',
    required: 1.5,
    aim: 1.15,
    isBetter: 'lower',
    write: ratio,
    benchmark: 'capacity',
  },
  costBesideNativeMany: {
    title: 'time per image, one each, 64 connections / native',
    required: 1.6,
    aim: 1.2,
    isBetter: 'lower',
    write: ratio,
    benchmark: 'capacity',
  },
  costBesideNativeFew: {
    title: 'time per image, one each, 8 connections / native',
    required: 2,
    aim: 1.3,
    isBetter: 'lower',
    write: ratio,
    benchmark: 'capacity',
  },
  costBesideNativeOne: {
    title: 'time per image, one each, one connection / native',
    required: 1.6,
    aim: 1.2,
    isBetter: 'lower',
    write: ratio,
    benchmark: 'capacity',
  },
  memoryBesideNative: {
    title: 'memory of all processes / native server',
    required: 2.2,
    aim: 1.5,
    isBetter: 'lower',
    write: ratio,
    benchmark: 'capacity',
  },
  p99BesideIdle: {
    title: 'p99 at half of capacity / idle median, one image',
    required: 8,
    aim: 3,
    isBetter: 'lower',
    write: times,
    benchmark: 'latency',
  },
  p99BesideSwaps: {
    title: 'p99 at half of capacity, during swaps / without',
    required: 1.5,
    aim: 1.2,
    isBetter: 'lower',
    write: ratio,
    benchmark: 'swaps',
  },
  readySeconds: {
    title: 'ready after the process started, built and installed',
    required: 1,
    aim: 0.4,
    isBetter: 'lower',
    write: seconds,
    benchmark: 'start',
  },
  residentMegabytes: {
    title: 'resident memory of a worker after many images',
    required: 180,
    aim: 130,
    isBetter: 'lower',
    write: megabytes,
    benchmark: 'memory',
  },
  residentGrowth: {
    title: 'its growth in the second half, per million images',
    required: 10,
    aim: 2,
    isBetter: 'lower',
    write: megabytes,
    benchmark: 'memory',
  },
  goodputAtTwice: {
    title: 'images/s answered at 2x overload / capacity',
    required: 0.9,
    aim: 0.95,
    isBetter: 'higher',
    write: percent,
    benchmark: 'overload',
  },
  goodputAtTenfold: {
    title: 'images/s answered at 10x overload / capacity',
    required: 0.85,
    aim: 0.9,
    isBetter: 'higher',
    write: percent,
    benchmark: 'overload',
  },
  goodputByProcessor: {
    title: "the same by the service's processor time",
    required: 0.85,
    aim: 0.9,
    isBetter: 'higher',
    write: percent,
    benchmark: 'overload',
  },
  slowestLivezMs: {
    title: 'slowest `/livez` under either',
    required: 100,
    aim: 50,
    isBetter: 'lower',
    write: (value) => `${value.toFixed(0)} ms`,
    benchmark: 'overload',
  },
  replacedSeconds: {
    title: 'worker replaced after a SIGKILL under load',
    required: 1,
    aim: 0.5,
    isBetter: 'lower',
    write: seconds,
    benchmark: 'faults',
  },
  eightBitCost: {
    title: 'time per image, int8 / float32',
    required: 0.6,
    aim: 0.45,
    isBetter: 'lower',
    write: (value) => `${value.toFixed(2)}x`,
    benchmark: 'inference',
  },
};

/** The table of all goals, what was required and aimed at, and what was measured. */
export function renderStanding(figures: Figures): string {
  const rows = Object.entries(GOALS).map(([name, goal]) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of GOALS are the names
    const value = figures[name as FigureName];
    const isMeasured = value !== undefined && Number.isFinite(value);
    const sign = goal.isBetter === 'higher' ? 'at least' : 'at most';
    return [
      goal.title,
      `${sign} ${goal.write(goal.required)}`,
      goal.write(goal.aim),
      isMeasured ? goal.write(value) : '',
      isMeasured ? verdict(value, goal) : 'not measured',
      `\`${goal.benchmark}\``,
    ];
  });
  return [
    '## Where the service stands',
    'What is required, what the target is, and what the sections below measured when each was last run.',
    markdownTable(
      ['figure', 'required', 'target', 'measured', '', 'section'],
      ['---', '---', '---', '---:', '---', '---'],
      rows,
    ),
  ].join('\n\n');
}

/** Each figure that was measured, as the table has it: `71 %`, `1/8.6`. */
export function writtenFigures(figures: Figures): Record<string, string> {
  const measured = Object.entries(GOALS).map(([name, goal]): [string, string] => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of GOALS are the names
    const value = figures[name as FigureName];
    return [name, value === undefined || !Number.isFinite(value) ? 'not measured' : goal.write(value)];
  });
  return Object.fromEntries(measured);
}

/** How a value compares with its goal. */
function verdict(value: number, { required, aim, isBetter }: Goal): string {
  const reaches = (goal: number): boolean => (isBetter === 'higher' ? value >= goal : value <= goal);
  if (reaches(aim)) return 'target met';
  return reaches(required) ? 'requirement met' : '**missed**';
}

const MARK = /<!-- figures: (\{[^\n]*\}) -->/g;

/** How a section keeps its figures: unseen by readers, so that the page is all there is to keep. */
export function markFigures(figures: Figures): string {
  const measured = Object.entries(figures).filter(([, value]) => Number.isFinite(value));
  const rounded = measured.map(([name, value]) => [name, Number(value.toPrecision(6))]);
  return `<!-- figures: ${JSON.stringify(Object.fromEntries(rounded))} -->`;
}

/** The figures that the sections of a page keep. */
export function figuresOf(page: string): Figures {
  return Object.assign({}, ...[...page.matchAll(MARK)].map(([, json]): Figures => JSON.parse(json ?? '{}')));
}
