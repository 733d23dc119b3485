import type { OutlierFigures, OutlierReport } from '../outliers/measure-outliers.js';
import { grouped, percent } from '../report.js';
import { html, type Html } from './markup.js';

/** How digits are told from non-digits, in all and kind by kind. */
export function outlierTable(report: OutlierReport): Html {
  return html`<table class="figures">
    <thead>
      <tr>
        <th scope="col">kind</th>
        <th scope="col">pictures</th>
        <th scope="col">AUROC</th>
        <th scope="col">AUPR</th>
        <th scope="col">FPR at 95 % TPR</th>
        <th scope="col">accepted</th>
      </tr>
    </thead>
    <tbody>
      ${[...report.kinds.map(({ name, ...figures }) => row(name, figures)), row('all', report)]}
    </tbody>
  </table>`;
}

function row(name: string, figures: OutlierFigures): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${grouped(figures.count)}</td>
    <td>${percent(figures.auroc)}</td>
    <td>${percent(figures.aupr)}</td>
    <td>${percent(figures.falsePositiveRate)}</td>
    <td>${percent(figures.passing)}</td>
  </tr>`;
}
