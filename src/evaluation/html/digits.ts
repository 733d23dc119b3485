import type { Metrics } from '../metrics.js';
import { grouped, percent } from '../report.js';
import { html, type Html } from './markup.js';

/** Shades go from barely to fully seen; more would make the numbers on them hard to read. */
const SHADES = { lightest: 0.1, darkest: 0.6 };

/** A shade of CSS for a share of 0..1. */
function shade(share: number): string {
  return (SHADES.lightest + (SHADES.darkest - SHADES.lightest) * share).toFixed(3);
}

/**
 * The confusion matrix as a heat map. What is right and what is wrong have scales of their own: on one scale a
 * hundred right answers would hide every wrong one.
 */
export function confusionMatrix({ confusion, digits }: Metrics): Html {
  const mostMisclassified = Math.max(
    1,
    ...confusion.flatMap((row, truth) => row.filter((_, answer) => answer !== truth)),
  );
  const cell = (count: number, truth: number, answer: number): Html => {
    if (count === 0) return html`<td class="none">·</td>`;
    const right = truth === answer;
    // By its root, as a single misclassified image is worth seeing beside a digit with twenty.
    const share = right ? (digits[truth]?.recall ?? 0) : Math.sqrt(count / mostMisclassified);
    const title = `${grouped(count)} × ${truth} read as ${answer}`;
    return html`<td class="${right ? 'hit' : 'miss'}" style="--shade: ${shade(share)}" title="${title}">
      ${count}
    </td>`;
  };
  return html`<table class="matrix">
    <caption>
      Rows: the true digit. Columns: the answer. Blue: share of the digit correctly classified; orange:
      misclassified, darkest at ${mostMisclassified}.
    </caption>
    <thead>
      <tr>
        <td class="none" style="background: none"></td>
        ${confusion.map((_, digit) => html`<th scope="col">${digit}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${confusion.map(
        (row, truth) =>
          html`<tr>
            <th scope="row">${truth}</th>
            ${row.map((count, answer) => cell(count, truth, answer))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** For each digit how many there are, precision and recall, and what it is mostly taken for. */
export function digitTable({ digits, confusion }: Metrics): Html {
  return html`<table class="figures">
    <thead>
      <tr>
        <th scope="col">digit</th>
        <th scope="col">images</th>
        <th scope="col">precision</th>
        <th scope="col">recall</th>
        <th scope="col">taken for</th>
      </tr>
    </thead>
    <tbody>
      ${digits.map(
        ({ count, precision, recall }, digit) =>
          html`<tr>
            <th scope="row">${digit}</th>
            <td>${grouped(count)}</td>
            <td>${percent(precision)}</td>
            <td>${percent(recall)}</td>
            <td>${mostlyTakenFor(confusion[digit] ?? [], digit)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** As `9 (6×)`: the most frequent wrong answer. */
function mostlyTakenFor(answers: readonly number[], digit: number): string {
  const wrong = answers.map((count, answer) => (answer === digit ? 0 : count));
  const most = Math.max(...wrong);
  return most > 0 ? `${wrong.indexOf(most)} (${most}×)` : '–';
}
