import type { FamilyName } from './families.js';
import type { Samples, Series } from './totals.js';

/** A number of one model, of `Series.values`. */
type Value = (series: Series) => number;

const total: Value = ({ values }) => values[0] ?? 0;
/** Of a histogram. */
const sum: Value = ({ values }) => values[values.length - 1] ?? 0;
const count: Value = ({ values }) =>
  Array.from(values)
    .slice(0, -1)
    .reduce((all, one) => all + one, 0);
const microseconds =
  (seconds: Value): Value =>
  (series) =>
    seconds(series) * 1e6;

/** Which number each name of Triton's is. */
const SOURCES: readonly (readonly [alias: FamilyName, family: FamilyName, value: Value])[] = [
  ['tritonCount', 'batchImages', sum],
  ['tritonExecutions', 'batchImages', count],
  ['tritonRequestDuration', 'requestDuration', microseconds(sum)],
  ['tritonQueueDuration', 'queueDuration', microseconds(sum)],
  ['tritonInputDuration', 'decodeDuration', microseconds(sum)],
  ['tritonInferDuration', 'inferenceDuration', microseconds(sum)],
  ['tritonOutputDuration', 'outputSeconds', microseconds(total)],
];

/**
 * The same numbers under the names that Triton Inference Server gives them, which dashboards and autoscalers know.
 * @param versions by the name of each model
 */
export function tritonSamples(
  samples: Samples,
  versions: ReadonlyMap<string, string>,
): Map<FamilyName, readonly Series[]> {
  const aliases = new Map<FamilyName, readonly Series[]>();
  const labelsOf = (model: string): readonly string[] => [model, versions.get(model) ?? ''];
  for (const [alias, family, value] of SOURCES) {
    const series = samples.get(family) ?? [];
    aliases.set(
      alias,
      series.map((one) => ({ labels: labelsOf(one.labels[0] ?? ''), values: [value(one)] })),
    );
  }
  const outcomes = samples.get('modelRequests') ?? [];
  for (const [alias, isCounted] of [
    ['tritonSuccess', (code) => code === 'ok'],
    ['tritonFailure', (code) => code !== 'ok'],
  ] as const satisfies readonly [FamilyName, (code: string | undefined) => boolean][]) {
    const counts = new Map<string, number>();
    for (const {
      labels: [model = '', code],
      values,
    } of outcomes) {
      counts.set(model, (counts.get(model) ?? 0) + (isCounted(code) ? (values[0] ?? 0) : 0));
    }
    aliases.set(
      alias,
      [...counts].map(([model, value]) => ({ labels: labelsOf(model), values: [value] })),
    );
  }
  const pending = samples.get('queueRequests')?.[0];
  aliases.set('tritonPending', pending ? [{ labels: [], values: pending.values }] : []);
  return aliases;
}
