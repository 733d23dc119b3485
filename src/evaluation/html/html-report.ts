import { frameAt, type FrameBatch } from '../../image/frame.js';
import type { Plane } from '../../image/plane.js';
import type { ModelCard } from '../../model/card/card.js';
import { confusionMatrix, digitTable } from './digits.js';
import { misclassifiedGallery, robustnessGallery } from './galleries.js';
import { html, type Html } from './markup.js';
import { modelFacts } from './model-facts.js';
import { outlierTable } from './outlier-table.js';
import { reliabilityDiagram } from './reliability.js';
import { STYLE } from './style.js';
import type { OutlierReport } from '../outliers/measure-outliers.js';
import type { Metrics, Misclassified } from '../metrics.js';
import { describeThreads, grouped, percent, type Speed } from '../report.js';
import type { Robustness } from '../corruptions/robustness.js';

/** What a report is made of. */
export interface ReportContent {
  /** Path of the model, as it was named. */
  readonly model: string;
  readonly card: ModelCard;
  /** What the model got of one of the images. */
  readonly inputOf: (index: number) => Plane;
  /** The images, where all of them are frames. */
  readonly frames: FrameBatch | null;
  /** What the data is, as `the 10,000 test images of MNIST`. */
  readonly title: string;
  /** Where one of its images is to be found. */
  readonly nameOf: (index: number) => string;
  readonly metrics: Metrics;
  readonly misclassified: readonly Misclassified[];
  /** `null` where it was not measured. */
  readonly robustness: Robustness | null;
  /** `null` where it was not measured. */
  readonly outliers: OutlierReport | null;
  readonly speed: Speed;
  readonly made: Date;
}

/** An evaluation as one page that needs nothing else: no script, no request, light or dark as the reader has it. */
export function htmlReport(content: ReportContent): string {
  const { model, card, inputOf, frames, title, nameOf, metrics, misclassified, robustness, outliers, made } =
    content;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>${card.name}: ${percent(metrics.accuracy)} on ${title}</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <header>
          <h1>How well ${card.name} reads ${title}</h1>
          <p class="quiet wrap">${model}, measured on ${made.toISOString().slice(0, 10)}</p>
          ${headlines(content)}
        </header>
        <div class="pair">
          <section>
            <h2>Confusion</h2>
            <p class="quiet">Which digit was read as which.</p>
            ${confusionMatrix(metrics)}
          </section>
          <section>
            <h2>Reliability</h2>
            <p class="quiet">
              Of the answers given with about the same probability, how many were right. Where bars end on the
              dashed line, the model is calibrated. Lines: 95 % intervals; dots: mean probability.
            </p>
            ${reliabilityDiagram(metrics.calibration)}
          </section>
        </div>
        <div class="pair">
          <section>
            <h2>Each digit</h2>
            <p class="quiet">
              Precision: of those read as it, the share that is. Recall: of those that are, the share read as
              it.
            </p>
            ${digitTable(metrics)}
          </section>
          <section>
            <h2>The model</h2>
            ${modelFacts(card)}
          </section>
        </div>
        ${robustness && frames ? robustnessSection(robustness, frames) : []}
        ${outliers ? outlierSection(outliers) : []}
        <section>
          <h2>Misclassified images</h2>
          ${misclassifiedGallery(misclassified, inputOf, nameOf)}
        </section>
      </body>
    </html>`;
  return `${page.html}\n`;
}

function headlines({ metrics, misclassified, robustness, outliers, speed }: ReportContent): Html {
  const { accuracy, interval95, calibrationError, negativeLogLikelihood, count } = metrics;
  const [low, high] = interval95;
  return html`<dl class="tiles">
    ${[
      tile('accuracy', percent(accuracy), `95 % interval ${(low * 100).toFixed(2)} to ${percent(high)}`),
      tile('misclassified', grouped(misclassified.length), `of ${grouped(count)} images`),
      tile('ECE', percent(calibrationError), 'expected calibration error, 15 bins'),
      tile('NLL', negativeLogLikelihood.toFixed(4), 'negative log-likelihood, nats per image'),
      tile(
        'time an image',
        `${(1e6 / speed.imagesPerSecond).toFixed(0)} µs`,
        `on ${describeThreads(speed.threads)}, ${speed.batch} at a time`,
      ),
      ...(robustness
        ? [tile('corruption error', percent(robustness.meanError), 'mean of 15 corruptions')]
        : []),
      ...(outliers
        ? [tile('false accept rate', percent(outliers.passing), `of ${grouped(outliers.count)} non-digits`)]
        : []),
    ]}
  </dl>`;
}

function tile(name: string, value: string, more: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
    <dd>${more}</dd>
  </div>`;
}

function outlierSection(outliers: OutlierReport): Html {
  const { source, threshold, digitsPassing, passing } = outliers;
  return html`<section>
    <h2>Non-digits</h2>
    <p class="quiet">
      Pictures of anything else (${source}). At the threshold ${threshold} ${percent(digitsPassing)} of the
      digits are accepted, and ${percent(passing)} of these.
    </p>
    ${outlierTable(outliers)}
  </section>`;
}

function robustnessSection(robustness: Robustness, frames: FrameBatch): Html {
  return html`<section>
    <h2>Robustness</h2>
    <p class="quiet">
      Every image was classified again, with each corruption of MNIST-C: ${percent(robustness.meanError)}
      wrong on average. The pictures show what becomes of the first image.
    </p>
    ${robustnessGallery(robustness, frameAt(frames, 0))}
  </section>`;
}
