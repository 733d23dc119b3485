import { wilsonInterval, type CalibrationBin } from '../metrics.js';
import { grouped, percent } from '../report.js';
import { html, type Html } from './markup.js';

/** In units of the drawing; the page scales it. The room under the plot holds the counts, written upright. */
const PLOT = { left: 34, right: 386, top: 8, bottom: 248 };
const SIZE = { width: 400, height: 328 };
const COUNTS_TOP = PLOT.bottom + 22;

/**
 * The reliability diagram (Guo et al., "On calibration of modern neural networks", 2017): for each bin of the
 * probability of the answer, the share that was right, its 95 % interval, and where the mean probability lies. A
 * model that means what it says has its bars end on the diagonal, at the dots.
 */
export function reliabilityDiagram(bins: readonly CalibrationBin[]): Html {
  const x = (probability: number): number => PLOT.left + probability * (PLOT.right - PLOT.left);
  const y = (share: number): number => PLOT.bottom - share * (PLOT.bottom - PLOT.top);
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  return html`<svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${summary(bins)}">
    ${ticks.map(
      (tick) =>
        html`<path class="grid" d="M${PLOT.left} ${at(y(tick))}H${PLOT.right}" />
          <text x="${PLOT.left - 5}" y="${at(y(tick) + 4)}" text-anchor="end">${Math.round(tick * 100)}</text>
          <text x="${at(x(tick))}" y="${PLOT.bottom + 14}" text-anchor="middle"
            >${Math.round(tick * 100)}</text
          >`,
    )}
    ${bins.map((bin, i) => drawBin(bin, x(i / bins.length), x((i + 1) / bins.length), y))}
    <path class="ideal" d="M${at(x(0))} ${at(y(0))}L${at(x(1))} ${at(y(1))}" />
    ${bins
      .filter(({ count }) => count > 0)
      .map(
        ({ probability, accuracy }) =>
          html`<circle class="mean" cx="${at(x(probability))}" cy="${at(y(accuracy))}" r="2.6" />`,
      )}
    <text x="9" y="${at(y(0.5))}" text-anchor="middle" transform="rotate(-90 9 ${at(y(0.5))})">right, %</text>
    <text x="${at(x(0.5))}" y="${SIZE.height - 3}" text-anchor="middle">
      probability of the answer, %; above it the images in each bin
    </text>
  </svg>`;
}

function drawBin(
  { count, accuracy }: CalibrationBin,
  left: number,
  right: number,
  y: (share: number) => number,
): Html {
  const middle = (left + right) / 2;
  const label = html`<text
    x="${at(middle + 4)}"
    y="${COUNTS_TOP}"
    text-anchor="end"
    transform="rotate(-90 ${at(middle + 4)} ${COUNTS_TOP})"
  >
    ${grouped(count)}
  </text>`;
  if (count === 0) return label;
  const [low, high] = wilsonInterval(Math.round(accuracy * count), count);
  return html`<rect
      class="bar"
      x="${at(left + 1)}"
      y="${at(y(accuracy))}"
      width="${at(right - left - 2)}"
      height="${at(y(0) - y(accuracy))}"
    />
    <path
      class="whisker"
      d="M${at(middle)} ${at(y(low))}V${at(y(high))}M${at(middle - 3)} ${at(y(low))}h6m-6 ${at(y(high) - y(low))}h6"
    />
    ${label}`;
}

/** What the diagram shows, for those who cannot see it. */
function summary(bins: readonly CalibrationBin[]): string {
  const said = bins
    .filter(({ count }) => count > 0)
    .map(
      ({ count, probability, accuracy }) =>
        `${grouped(count)} at ${percent(probability)}: ${percent(accuracy)} right`,
    );
  return `Reliability diagram. ${said.join('; ')}.`;
}

function at(value: number): string {
  return value.toFixed(1);
}
