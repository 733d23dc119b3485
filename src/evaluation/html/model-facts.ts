import { MNIST_FILES } from '../../data/mnist/mnist-files.js';
import { networksOf, type ModelCard } from '../../model/card/card.js';
import { describeCost, describeThreads, grouped, percent } from '../report.js';
import { html, type Html } from './markup.js';

/** What the model says of itself, as its card has it. */
export function modelFacts(card: ModelCard): Html {
  const { network, cascade, training, validation, test, robustness, outliers, file } = card;
  const share = ({ accuracy, correct, count }: ModelCard['validation']): string =>
    `${percent(accuracy)} (${grouped(correct)} of ${grouped(count)})`;
  // None for a model of one's own digits.
  const testedOn = pairs(filesOf(card, true));
  return html`<dl class="facts">
    ${[
      fact('name', card.name),
      fact(
        'network',
        `${networksOf(card)}: ${grouped(network.parameters + (cascade?.first.network.parameters ?? 0))} ` +
          `parameters, ${describeCost(card)}`,
      ),
      ...(cascade
        ? [
            fact(
              'first stage',
              `${cascade.first.network.name} (${cascade.first.network.layers.join(', ')}); its answer stands ` +
                `from a probability of ${cascade.confidence}, on ${percent(cascade.answeredFirst)} of the ` +
                'validation images',
            ),
          ]
        : []),
      fact('layers', network.layers.join(', ')),
      fact('recipe', pairs(card.recipe)),
      fact(
        'training',
        `seed ${card.seed}, ${card.epochs} epochs, the one kept: ${card.bestEpoch}; ${grouped(training.seconds)} ` +
          `s on ${describeThreads(training.threads)}, finished ${training.finished}`,
      ),
      fact('validation', share(validation)),
      fact('test, by the card', test ? share(test) : 'not measured'),
      ...(robustness
        ? [fact('robustness, by the card', `${percent(robustness.meanError)} mean corruption error`)]
        : []),
      ...(outliers
        ? [
            fact(
              'non-digits, by the card',
              `AUROC ${percent(outliers.auroc)}, ${percent(outliers.passing)} accepted (${outliers.source})`,
            ),
          ]
        : []),
      fact('file', `${grouped(file.bytes)} bytes, SHA-256 ${file.sha256}`),
      fact('learned from', pairs(filesOf(card, false))),
      ...(test && testedOn !== '' ? [fact('tested on', testedOn)] : []),
      fact('versions', pairs(card.versions)),
    ]}
  </dl>`;
}

/** Of the data that a card names, the files of test images, or those of all others. */
function filesOf({ data }: ModelCard, ofTest: boolean): ModelCard['data'] {
  const testFiles = new Set<string>(Object.values(MNIST_FILES.test).map(({ name }) => name));
  return Object.fromEntries(Object.entries(data).filter(([name]) => testFiles.has(name) === ofTest));
}

function fact(name: string, value: string): Html {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

function pairs(values: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
