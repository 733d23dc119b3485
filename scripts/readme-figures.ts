/**
 * Writes the figures of the shipped model's card into README.md, between its markers: `npx tsx scripts/readme-figures.ts`.
 * A test holds the two together.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { grouped, percent } from '../src/evaluation/report.js';
import { parseModelCard, type ModelCard } from '../src/model/card.js';
import { cardPath, floatModelPath } from '../src/model/model-paths.js';

/** Name of the marker -> what stands there; `not measured` where the card has no such figure. */
export function figuresOf(card: ModelCard): Record<string, string> {
  const { test, seeds, robustness, network, file, training } = card;
  const of = (share: number | undefined): string => (share === undefined ? 'not measured' : percent(share));
  return {
    test: test
      ? `${percent(test.accuracy)} (${grouped(test.correct)} of ${grouped(test.count)})`
      : 'not measured',
    seeds: seeds
      ? `${percent(seeds.meanAccuracy)}, deviation ${percent(seeds.deviation)} (${seeds.trainings.length} seeds)`
      : 'not measured',
    calibration: of(test?.calibrationError),
    robustness: of(robustness?.meanError),
    multiplyAdds: `${grouped(network.multiplyAdds)} multiply-adds`,
    bytes: `${grouped(file.bytes)} bytes`,
    seconds: `${Math.round(training.seconds / 60)} minutes`,
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const readme = fileURLToPath(new URL('../README.md', import.meta.url));
  const path = cardPath(floatModelPath());
  const figures = figuresOf(parseModelCard(readFileSync(path, 'utf8'), path));
  writeFileSync(readme, withFigures(readFileSync(readme, 'utf8'), figures));
}
