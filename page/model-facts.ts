import type { ModelCard } from '../src/client/exports.js';
import { count, percent, text } from './words/words.js';

export type { ModelCard };

/** A fact of the model: what it is of, and what it is; from its card alone. */
export type Fact = readonly [name: string, value: string];

/** Two-sided 95% of a normal distribution. */
const Z = 1.959964;

/**
 * The interval of a share (Wilson's score interval, 95%).
 * @param correct of `total`
 * @see https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm
 */
export function wilsonInterval(correct: number, total: number): readonly [from: number, to: number] {
  const share = correct / total;
  const middle = share + Z ** 2 / (2 * total);
  const reach = Z * Math.sqrt((share * (1 - share)) / total + Z ** 2 / (4 * total ** 2));
  const whole = 1 + Z ** 2 / total;
  return [(middle - reach) / whole, (middle + reach) / whole];
}

/** What the card of the model says of it; facts that a card lacks are left out. */
export function factsOf(card: ModelCard): readonly Fact[] {
  const facts: Fact[] = [];
  const correct = numberAt(card, 'test', 'correct');
  const total = numberAt(card, 'test', 'count');
  if (correct !== undefined && total !== undefined && total > 0) {
    const [from, to] = wilsonInterval(correct, total);
    facts.push([
      text('accuracy'),
      text('accuracyOf', {
        percent: exact(correct / total),
        count: count(total),
        from: exact(from),
        to: exact(to),
      }),
    ]);
  }
  const parameters = numberAt(card, 'network', 'parameters');
  const bytes = numberAt(card, 'file', 'bytes');
  if (parameters !== undefined && bytes !== undefined) {
    facts.push([
      text('size'),
      text('sizeOf', { parameters: count(parameters), size: count(Math.round(bytes / 1000)) }),
    ]);
  }
  const titles = titlesOf(card);
  if (titles.length > 0) facts.push([text('learned'), titles.join('; ')]);
  const threshold = numberAt(card, 'digitThreshold');
  if (threshold !== undefined && threshold > 0) {
    facts.push([text('rejects'), text('rejectsBelow', { percent: percent(threshold) })]);
  }
  return [...facts, [text('limits'), text('limitsAre')]];
}

/** Accuracies of good models differ in their second decimal. */
function exact(share: number): string {
  return `${count(Math.round(share * 10_000) / 100)}%`;
}

function numberAt(card: object, ...path: readonly string[]): number | undefined {
  let value: unknown = card;
  for (const name of path) value = memberOf(value, name);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function titlesOf(card: object): readonly string[] {
  const sets = memberOf(card, 'datasets');
  const titles: readonly unknown[] = Array.isArray(sets) ? sets.map((set) => memberOf(set, 'title')) : [];
  return titles.filter((title) => typeof title === 'string').map((title) => title.split(':')[0] ?? title);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
