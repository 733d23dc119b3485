import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { figuresOf as benchmarkFigures, writtenFigures } from '../../bench/report/standing.js';
import { describeCost, grouped, percent } from '../../src/evaluation/report.js';
import { parseModelCard, type ModelCard } from '../../src/model/card/card.js';
import { cardPath, floatModelPath, shippedModelPath } from '../../src/model/model-paths.js';

/** Kinds of the outliers that measure whose like the shipped model was trained on. */
const LIKE_TRAINED_ON: ReadonlySet<string> = new Set(['letters', 'symbols', 'drawings']);

const NOT_MEASURED = 'not measured';

/** Cards of the shipped model, and of those that it was made from. */
export interface ShippedCards {
  /** Of the model that is served. */
  readonly served: ModelCard;
  /** Of the floats that it was quantized from. */
  readonly trained: ModelCard;
  /** Of what those were trained from, which knew digits alone. */
  readonly digits: ModelCard;
  /** Of the first stage of the cascade. */
  readonly first: ModelCard;
}

/** Name of a marker -> what stands there; `not measured` where a card has no such figure. */
export function cardFigures({ served, trained, digits, first }: ShippedCards): Record<string, string> {
  const { test, robustness, outliers, file } = served;
  const { seeds } = digits;
  const of = (share: number | undefined): string => (share === undefined ? NOT_MEASURED : percent(share));
  const unlike = Object.entries(outliers?.kinds ?? {}).filter(([kind]) => !LIKE_TRAINED_ON.has(kind));
  const total = unlike.reduce((sum, [, { count }]) => sum + count, 0);
  const accepted = unlike.reduce((sum, [, { count, passing }]) => sum + count * passing, 0);
  const seconds = [digits, trained, first].reduce((sum, { training }) => sum + training.seconds, 0);
  return {
    test: test
      ? `${percent(test.accuracy)} (${grouped(test.correct)} of ${grouped(test.count)})`
      : NOT_MEASURED,
    seeds: seeds
      ? `${percent(seeds.meanAccuracy)}, deviation ${percent(seeds.deviation)} (${seeds.trainings.length} seeds)`
      : NOT_MEASURED,
    calibration: of(test?.calibrationError),
    robustness: of(robustness?.meanError),
    outliers: outliers ? `${percent(1 - outliers.passing)}, AUROC ${percent(outliers.auroc)}` : NOT_MEASURED,
    falseAcceptRate: of(outliers?.passing),
    falseAcceptRateUnlike: of(total === 0 ? undefined : accepted / total),
    multiplyAdds: describeCost(served),
    bytes: `${grouped(file.bytes)} bytes`,
    trainingTime: `${Math.round(seconds / 60)} minutes`,
    cascadeConfidence: served.cascade ? String(served.cascade.confidence) : NOT_MEASURED,
    answeredFirst: of(served.cascade?.answeredFirst),
  };
}

/** Every figure that pages may show: those of the cards, and those of the benchmarks with a requirement. */
export function readFigures(root: string): Record<string, string> {
  const cards = {
    served: readCard(shippedModelPath()),
    trained: readCard(floatModelPath()),
    digits: readCard(join(root, 'teachers', 'digits.onnx')),
    first: readCard(join(root, 'models', 'glance.onnx')),
  };
  const benchmarks = readFileSync(join(root, 'docs', 'notebook', 'benchmarks.md'), 'utf8');
  return { ...writtenFigures(benchmarkFigures(benchmarks)), ...cardFigures(cards) };
}

/** The card beside a model. */
function readCard(modelPath: string): ModelCard {
  const path = cardPath(modelPath);
  return parseModelCard(readFileSync(path, 'utf8'), path);
}

const MARK = /(<!-- figure: (\w+) -->)[^]*?(<!-- end -->)/g;

/**
 * The page with every marked figure as `figures` has it.
 * @throws Error for a marker of no figure
 */
export function withFigures(page: string, figures: Readonly<Record<string, string>>): string {
  return page.replace(MARK, (_, start: string, name: string, end: string) => {
    const figure = figures[name];
    if (figure !== undefined) return `${start}${figure}${end}`;
    throw new Error(`There is no figure ${name}; expected one of ${Object.keys(figures).join(', ')}.`);
  });
}
