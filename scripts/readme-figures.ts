/**
 * Writes the figures of the shipped model, and of those that it was made from, into README.md, between its markers:
 * `npx tsx scripts/readme-figures.ts`. A test holds the two together.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeCost, grouped, percent } from '../src/evaluation/report.js';
import { parseModelCard, type ModelCard } from '../src/model/card/card.js';
import { cardPath, floatModelPath, shippedModelPath } from '../src/model/model-paths.js';

/**
 * Name of the marker -> what stands there; `not measured` where a card has no such figure.
 * @param served the card of the model that is served
 * @param trained the card of the floats that it was made from
 * @param digits the card of what those were trained from, which knew digits alone
 * @param first the card of the cascade's first stage
 */
export function figuresOf(
  served: ModelCard,
  trained: ModelCard,
  digits: ModelCard,
  first: ModelCard,
): Record<string, string> {
  const { test, robustness, outliers, file } = served;
  const { seeds } = digits;
  const of = (share: number | undefined): string => (share === undefined ? 'not measured' : percent(share));
  const trainingSeconds = [digits, trained, first].reduce((sum, { training }) => sum + training.seconds, 0);
  return {
    test: test
      ? `${percent(test.accuracy)} (${grouped(test.correct)} of ${grouped(test.count)})`
      : 'not measured',
    seeds: seeds
      ? `${percent(seeds.meanAccuracy)}, deviation ${percent(seeds.deviation)} (${seeds.trainings.length} seeds)`
      : 'not measured',
    calibration: of(test?.calibrationError),
    robustness: of(robustness?.meanError),
    outliers: outliers
      ? `${percent(1 - outliers.passing)}, AUROC ${percent(outliers.auroc)}`
      : 'not measured',
    multiplyAdds: describeCost(served),
    bytes: `${grouped(file.bytes)} bytes`,
    seconds: `${Math.round(trainingSeconds / 60)} minutes`,
  };
}

/** The page with every marked figure as `figures` has it. */
export function withFigures(page: string, figures: Readonly<Record<string, string>>): string {
  return page.replace(
    /(<!-- card: (\w+) -->).*?(<!-- end -->)/g,
    (whole, start: string, name: string, end: string) =>
      figures[name] === undefined ? whole : `${start}${figures[name]}${end}`,
  );
}

/** What the shipped model was trained from: it knows digits alone. */
const DIGITS_MODEL = fileURLToPath(new URL('../teachers/digits.onnx', import.meta.url));

/** What the shipped model asks first. */
const FIRST_MODEL = fileURLToPath(new URL('../models/glance.onnx', import.meta.url));

/** The cards that `figuresOf` takes. */
export function readCards(): Parameters<typeof figuresOf> {
  return [
    readCard(shippedModelPath()),
    readCard(floatModelPath()),
    readCard(DIGITS_MODEL),
    readCard(FIRST_MODEL),
  ];
}

/** The card beside a model. */
function readCard(modelPath: string): ModelCard {
  const path = cardPath(modelPath);
  return parseModelCard(readFileSync(path, 'utf8'), path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const readme = fileURLToPath(new URL('../README.md', import.meta.url));
  const figures = figuresOf(...readCards());
  writeFileSync(readme, withFigures(readFileSync(readme, 'utf8'), figures));
}
