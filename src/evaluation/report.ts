import type { Metrics } from './metrics.js';

/** A share of 1 as percent with two decimals, as `99.57 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** A number with its thousands apart, as `4,929,536`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-GB');
}

/** What `inkdigit evaluate` prints: the figures, a row for each digit, and which digit was read as which. */
export function evaluationReport(metrics: Metrics): string {
  const { accuracy, correct, count, interval95, negativeLogLikelihood, calibrationError } = metrics;
  const [low, high] = interval95;
  return [
    `accuracy     ${percent(accuracy)}  (${correct} of ${count} right; 95 % interval ${percent(low)} to ${percent(high)})`,
    `calibration  ${percent(calibrationError)} expected error, 15 bins`,
    `likelihood   ${negativeLogLikelihood.toFixed(4)} nats an image (negative log)`,
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
        `${String(digit).padStart(5)}${String(count).padStart(9)}${percent(precision).padStart(12)}${percent(recall).padStart(11)}`,
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
