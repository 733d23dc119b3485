import { multiplyAddsOf, type ModelCard } from '../model/card/card.js';
import type { OutlierFigures, OutlierReport } from './outliers/measure-outliers.js';
import type { Metrics } from './metrics.js';
import type { Robustness } from './corruptions/robustness.js';

/** A share of 1 as percent with two decimals, as `99.57 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** A number with its thousands apart, as `4,929,536`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-GB');
}

/**
 * As `4,970,464 multiply-adds an image`, or, of a cascade, `909,102 multiply-adds an image on average, 5,640,096 at
 * most`.
 */
export function describeCost(card: ModelCard): string {
  const { mean, most } = multiplyAddsOf(card);
  return mean === most
    ? `${grouped(most)} multiply-adds an image`
    : `${grouped(mean)} multiply-adds an image on average, ${grouped(most)} at most`;
}

/** As `one thread`, `4 threads`. */
export function describeThreads(threads: number): string {
  return threads === 1 ? 'one thread' : `${threads} threads`;
}

/** How fast a model was, and with what. */
export interface Speed {
  readonly imagesPerSecond: number;
  readonly threads: number;
  /** Images of one inference. */
  readonly batch: number;
}

/** As `9,860 images/s, 101 µs an image, on one thread, 64 at a time`. */
export function describeSpeed({ imagesPerSecond, threads, batch }: Speed): string {
  const microseconds = (1e6 / imagesPerSecond).toFixed(0);
  return (
    `${grouped(Math.round(imagesPerSecond))} images/s, ${microseconds} µs an image, on ` +
    `${describeThreads(threads)}, ${batch} at a time`
  );
}

/** What `inkdigit evaluate` prints: the figures, a row for each digit, and which digit was read as which. */
export function evaluationReport(metrics: Metrics): string {
  const { accuracy, correct, count, interval95, negativeLogLikelihood, calibrationError } = metrics;
  const [low, high] = interval95;
  return [
    `accuracy     ${percent(accuracy)}  (${correct} of ${count} correct; 95 % interval ${percent(low)} to ` +
      `${percent(high)})`,
    `ECE          ${percent(calibrationError)} expected calibration error, 15 bins`,
    `NLL          ${negativeLogLikelihood.toFixed(4)} nats per image (negative log-likelihood)`,
    '',
    ...digitTable(metrics),
    '',
    ...confusionTable(metrics),
  ].join('\n');
}

function digitTable({ digits }: Metrics): string[] {
  return [
    'digit   images   precision     recall',
    ...digits.map(
      ({ count, precision, recall }, digit) =>
        String(digit).padStart(5) +
        String(count).padStart(9) +
        percent(precision).padStart(12) +
        percent(recall).padStart(11),
    ),
  ];
}

function confusionTable({ confusion }: Metrics): string[] {
  const width = Math.max(4, ...confusion.flat().map((n) => String(n).length + 2));
  const cells = (values: readonly (number | string)[]): string =>
    values.map((value) => String(value).padStart(width)).join('');
  return [
    'confusion: rows are the true digit, columns the answer',
    `    ${cells(confusion.map((_, digit) => digit))}`,
    ...confusion.map((row, digit) => `   ${digit}${cells(row.map((n) => (n === 0 ? '·' : n)))}`),
  ];
}

const BAR_CELLS = 24;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * What `inkdigit evaluate --robustness` prints: the mean error, and a row for each corruption with a bar of its
 * error.
 */
export function robustnessReport({ meanError, corruptions }: Robustness): string {
  const largest = Math.max(...corruptions.map(({ error }) => error));
  return [
    `robustness   ${percent(meanError)} mean corruption error over the ${corruptions.length} corruptions of MNIST-C`,
    '',
    'corruption        accuracy      error',
    ...corruptions.map(({ name, accuracy, error }) =>
      [name.padEnd(15) + percent(accuracy).padStart(11) + percent(error).padStart(11), barOf(error, largest)]
        .join('  ')
        .trimEnd(),
    ),
  ].join('\n');
}

/** A bar of `BAR_CELLS` for `whole`, to an eighth of a cell. */
function barOf(part: number, whole: number): string {
  const eighths = whole === 0 ? 0 : Math.round((part / whole) * BAR_CELLS * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

/**
 * What `inkdigit evaluate --outliers` prints: how well digits and non-digits are told apart, and a row for each kind.
 */
export function outlierReport(report: OutlierReport): string {
  const { source, count, threshold, digitsPassing, kinds } = report;
  const width = Math.max(...kinds.map(({ name }) => name.length), 'all'.length) + 2;
  const row = (name: string, figures: OutlierFigures): string =>
    name.padEnd(width) +
    String(figures.count).padStart(6) +
    [figures.auroc, figures.aupr, figures.falsePositiveRate, figures.passing]
      .map((share) => percent(share).padStart(11))
      .join('');
  return [
    `non-digits   ${grouped(count)} pictures (${source}) beside the digits`,
    `threshold    ${threshold}: ${percent(digitsPassing)} of the digits accepted, and ${percent(report.passing)} ` +
      'of the non-digits (false accept rate)',
    '',
    `${'kind'.padEnd(width)}images      AUROC       AUPR      FPR95   accepted`,
    ...(kinds.length > 1 ? kinds.map(({ name, ...figures }) => row(name, figures)) : []),
    row('all', report),
  ].join('\n');
}
