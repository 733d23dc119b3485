import { escapeText } from '../../evaluation/html/markup.js';
import type { EpochReport } from '../reports.js';
import type { Validation } from '../../evaluation/measure-grid.js';

const WIDTH = 720;
const HEIGHT = 300;
const MARGIN = { left: 56, right: 60, top: 40, bottom: 40 };
const LOSS_COLOUR = '#c2571a';
const ERROR_COLOUR = '#1f6feb';
/** Smaller losses are drawn at this value. */
const SMALLEST_LOSS = 1e-6;

/** An axis: where a value lies on it, and the values of its ticks. */
interface Axis {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/**
 * The curves of a training as an SVG picture: the training loss (left) and the validation error in percent (right) by
 * epoch, both on logarithmic axes, as both fall over orders of magnitude.
 */
export function trainingCurves(epochs: readonly EpochReport<Validation>[], title: string): string {
  const bottom = HEIGHT - MARGIN.bottom;
  const right = WIDTH - MARGIN.right;
  const span = Math.max(1, epochs.length - 1);
  const x = (index: number): number => MARGIN.left + (index / span) * (right - MARGIN.left);
  // Zero has no logarithm: the smallest loss drawn and half an image stand for it.
  const losses = epochs.map((epoch) => Math.max(SMALLEST_LOSS, epoch.loss));
  const errors = epochs.map(
    ({ validation: { correct, count } }) => (Math.max(0.5, count - correct) / count) * 100,
  );
  const loss = logarithmicAxis(losses, bottom, MARGIN.top);
  const error = logarithmicAxis(errors, bottom, MARGIN.top);
  const best = epochs.findLastIndex((epoch) => epoch.best);
  const labels = epochIndices(epochs.length).map((index) =>
    text(x(index), bottom + 18, String(index + 1), 'middle'),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" ` +
      'font-family="system-ui, sans-serif" font-size="12" fill="#57606a" ' +
      `role="img" aria-label="${escapeText(title)}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(MARGIN.left, 20, title, 'start', '#24292f', 14),
    ...loss.ticks.map((tick) => line(MARGIN.left, right, loss.place(tick))),
    ...loss.ticks.map((tick) => text(MARGIN.left - 8, loss.place(tick) + 4, show(tick), 'end', LOSS_COLOUR)),
    ...error.ticks.map((tick) =>
      text(right + 8, error.place(tick) + 4, `${show(tick)} %`, 'start', ERROR_COLOUR),
    ),
    ...labels,
    text((MARGIN.left + right) / 2, HEIGHT - 6, 'epoch', 'middle'),
    curve(losses, x, loss, LOSS_COLOUR),
    curve(errors, x, error, ERROR_COLOUR),
    circle(x(best), error.place(errors[best] ?? 1)),
    text(right, 20, 'training loss', 'end', LOSS_COLOUR),
    text(right, 34, 'validation error (circle: the model kept)', 'end', ERROR_COLOUR),
    '</svg>',
    '',
  ].join('\n');
}

/** From `from` (the smallest value) to `to` (the largest), with ticks at 1, 2 and 5 of each power of ten. */
function logarithmicAxis(values: readonly number[], from: number, to: number): Axis {
  const low = Math.min(...values) / 1.1;
  const high = Math.max(...values) * 1.1;
  const place = (value: number): number =>
    from + ((Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))) * (to - from);
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const digit of [1, 2, 5]) {
      const tick = digit * 10 ** power;
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return { place, ticks };
}

/** About ten of the epochs, the first and the last among them. */
function epochIndices(count: number): number[] {
  const step = Math.max(1, Math.round(count / 10));
  const last = count - 1;
  return [...Array(count).keys()].filter((i) => i === last || (i % step === 0 && last - i >= step / 2));
}

/** Two significant digits at most, without an exponent. */
function show(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function text(x: number, y: number, content: string, anchor: string, fill = '#57606a', size = 12): string {
  const [left, top] = [x.toFixed(1), y.toFixed(1)];
  const look = `text-anchor="${anchor}" fill="${fill}" font-size="${size}"`;
  return `<text x="${left}" y="${top}" ${look}>${escapeText(content)}</text>`;
}

function line(left: number, right: number, y: number): string {
  return `<path d="M${left} ${y.toFixed(1)}H${right}" stroke="#d0d7de"/>`;
}

function circle(x: number, y: number): string {
  const [left, top] = [x.toFixed(1), y.toFixed(1)];
  return `<circle cx="${left}" cy="${top}" r="5" fill="none" stroke="${ERROR_COLOUR}" stroke-width="2"/>`;
}

function curve(values: readonly number[], x: (index: number) => number, axis: Axis, colour: string): string {
  const points = values.map((value, i) => `${x(i).toFixed(1)},${axis.place(value).toFixed(1)}`);
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`;
}
