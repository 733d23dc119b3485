import type { Plane } from '../../image/plane.js';
import { planePngUrl } from '../../image/plane-png.js';
import { wilsonInterval } from '../metrics.js';
import { digitsApart, type NumberMetrics, type ReadNumber } from '../number-metrics.js';
import { grouped, percent } from '../report.js';
import { html, type Html } from './markup.js';
import { reliabilityDiagram } from './reliability.js';
import { STYLE } from './style.js';

/** A number that was read wrongly, as it is shown. */
export interface ShownNumber {
  readonly number: ReadNumber;
  /** The picture in gray. */
  readonly gray: Plane;
  /** Around each digit that was read: x, y, width and height in pixels of `gray`. */
  readonly boxes: readonly (readonly number[])[];
}

/** What a report on numbers is made of. */
export interface NumbersContent {
  /** Path of the model, as it was named. */
  readonly model: string;
  /** What was read, as `the 312 numbers in scans`. */
  readonly title: string;
  readonly metrics: NumberMetrics;
  /** The most confident first; not all of them, where there are many. */
  readonly wrong: readonly ShownNumber[];
  readonly made: Date;
}

/** An evaluation of numbers as one page that needs nothing else, as `htmlReport` makes one of single digits. */
export function numbersPage({ model, title, metrics, wrong, made }: NumbersContent): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>Numbers: ${percent(metrics.accuracy)} right of ${title}</title>
        <style>
          ${{ html: STYLE + NUMBERS_STYLE }}
        </style>
      </head>
      <body>
        <header>
          <h1>How well ${title} are read</h1>
          <p class="quiet wrap">${model}, measured on ${made.toISOString().slice(0, 10)}</p>
          ${headlines(metrics)}
        </header>
        <div class="pair">
          <section>
            <h2>Reliability</h2>
            <p class="quiet">
              Of the numbers read with about the same probability, how many were right as a whole. Where bars end
              on the dashed line, the probability is calibrated. Lines: 95 % intervals; dots: mean probability.
            </p>
            ${reliabilityDiagram(metrics.calibration)}
          </section>
          <section>
            <h2>Each length</h2>
            <p class="quiet">Numbers of as many digits, and how many of them are right as a whole.</p>
            ${lengthTable(metrics)}
          </section>
        </div>
        <section>
          <h2>Numbers read wrongly</h2>
          ${gallery(metrics, wrong)}
        </section>
      </body>
    </html>`;
  return `${page.html}\n`;
}

function headlines(metrics: NumberMetrics): Html {
  const { count, right, accuracy, digitErrorRate, calibrationError } = metrics;
  const [low, high] = wilsonInterval(right, count);
  const tiles = [
    ['numbers right', percent(accuracy), `95 % interval ${(low * 100).toFixed(2)} to ${percent(high)}`],
    ['read wrongly', grouped(count - right), `of ${grouped(count)} numbers`],
    ['digit error rate', percent(digitErrorRate), 'digits to change, add or take away'],
    ['missed digits', grouped(metrics.missedDigits), 'in the picture, not in the number'],
    ['invented digits', grouped(metrics.inventedDigits), 'in the number, not in the picture'],
    ['wrong digits', grouped(metrics.wrongDigits), 'read as another one'],
    ['ECE', percent(calibrationError), 'expected calibration error, 10 bins'],
  ] as const;
  return html`<dl class="tiles">
    ${tiles.map(
      ([name, value, more]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
          <dd>${more}</dd>
        </div>`,
    )}
  </dl>`;
}

function lengthTable({ lengths }: NumberMetrics): Html {
  return html`<table class="figures">
    <thead>
      <tr>
        <th scope="col">digits</th>
        <th scope="col">numbers</th>
        <th scope="col">right</th>
        <th scope="col">share</th>
      </tr>
    </thead>
    <tbody>
      ${lengths.map(
        ({ length, count, right }) =>
          html`<tr>
            <th scope="row">${length}</th>
            <td>${grouped(count)}</td>
            <td>${grouped(right)}</td>
            <td>${percent(right / count)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function gallery({ count, right }: NumberMetrics, wrong: readonly ShownNumber[]): Html {
  const all = count - right;
  if (all === 0) return html`<p>Every number was read correctly.</p>`;
  const which =
    wrong.length === all
      ? 'All of them, the most confident first.'
      : `The ${wrong.length} most confident of ${grouped(all)}.`;
  return html`<p class="quiet">${which} Digits that differ are marked, a missing one by a dot.</p>
    <ul class="numbers">
      ${wrong.map(listItem)}
    </ul>`;
}

function listItem({ number, gray, boxes }: ShownNumber): Html {
  const { file, truth, text, probability } = number;
  const [trueMarks, readMarks] = digitsApart(truth, text);
  return html`<li>
    <svg viewBox="0 0 ${gray.width} ${gray.height}" role="img" aria-label="${inWords(truth)} read as ${inWords(text)}">
      <image href="${planePngUrl(gray)}" width="${gray.width}" height="${gray.height}" />
      ${boxes.map(
        ([x = 0, y = 0, width = 0, height = 0]) =>
          html`<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" />`,
      )}
    </svg>
    <dl>
      <dt>is</dt>
      <dd>${trueMarks.map(markOf)}</dd>
      <dt>read</dt>
      <dd>${readMarks.map(markOf)}</dd>
    </dl>
    <span>${percent(probability)}</span>
    <span class="quiet">${file}</span>
  </li>`;
}

function inWords(text: string): string {
  return text === '' ? 'nothing' : text.replaceAll('\n', ' / ');
}

function markOf({ mark, differs }: { readonly mark: string; readonly differs: boolean }): Html {
  const shown = mark === '\n' ? ' / ' : mark || '·';
  return differs ? html`<mark>${shown}</mark>` : html`${shown}`;
}

const NUMBERS_STYLE = `
.numbers { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: 1.75rem 1.25rem;
  margin: 1rem 0 0; padding: 0; list-style: none; }
.numbers li { font-size: 0.8rem; line-height: 1.35; break-inside: avoid; }
.numbers svg { width: 100%; max-height: 14rem; border-radius: 4px; outline: 1px solid var(--line); }
.numbers .box { fill: none; stroke: rgb(var(--hit)); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.numbers dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0 0.6rem; align-items: baseline;
  margin: 0.5rem 0 0.25rem; }
.numbers dt { color: var(--muted); }
.numbers dd { margin: 0; font-size: 1.25rem; font-weight: 600; line-height: 1.3; letter-spacing: 0.06em;
  overflow-wrap: anywhere; }
.numbers dd:first-of-type { font-weight: 400; }
.numbers mark { color: inherit; background: rgb(var(--miss) / 0.32); border-radius: 3px; }
.numbers span { display: block; overflow-wrap: anywhere; }
`;
