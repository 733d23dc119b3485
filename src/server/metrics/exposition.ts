import { familyOf, FAMILY_NAMES, type MetricFamily } from './families.js';
import type { Samples, Series } from './totals.js';

/** How metrics are written: Prometheus' own text, or OpenMetrics. */
export type ExpositionFormat = 'prometheus' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** The format for an `Accept` header: OpenMetrics where it is named, as Prometheus does, else its own text. */
export function formatFor(accept: string | undefined): ExpositionFormat {
  return accept?.includes('application/openmetrics-text') ? 'openmetrics' : 'prometheus';
}

/** The text that is answered at `/metrics`, families in the order of their table. */
export function expositionOf(samples: Samples, format: ExpositionFormat): string {
  const lines: string[] = [];
  for (const name of FAMILY_NAMES) {
    const series = samples.get(name);
    if (series && series.length > 0) lines.push(...linesOf(familyOf(name), series, format));
  }
  if (format === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

function linesOf(family: MetricFamily, series: readonly Series[], format: ExpositionFormat): string[] {
  const { name, type } = headingOf(family, format);
  return [
    `# HELP ${name} ${escapeHelp(family.help)}`,
    `# TYPE ${name} ${type}`,
    ...series.flatMap((one) =>
      family.buckets ? histogramLines(family, family.buckets, one, format) : [line(family, '', one)],
    ),
  ];
}

/** OpenMetrics names a counter without its `_total`, and knows none that has no such ending. */
function headingOf({ name, kind }: MetricFamily, format: ExpositionFormat): { name: string; type: string } {
  if (format === 'prometheus' || kind !== 'counter') return { name, type: kind };
  return name.endsWith('_total')
    ? { name: name.slice(0, -'_total'.length), type: kind }
    : { name, type: 'unknown' };
}

function line(
  { name, labels }: MetricFamily,
  suffix: string,
  series: Series,
  value = series.values[0] ?? 0,
): string {
  return `${name}${suffix}${labelsOf(labels, series.labels)} ${value}`;
}

function histogramLines(
  family: MetricFamily,
  bounds: readonly number[],
  series: Series,
  format: ExpositionFormat,
): string[] {
  const names = [...family.labels, 'le'];
  const lines: string[] = [];
  let count = 0;
  for (let i = 0; i <= bounds.length; i++) {
    count += series.values[i]!;
    const bound = boundOf(bounds[i] ?? Infinity, format);
    lines.push(`${family.name}_bucket${labelsOf(names, [...series.labels, bound])} ${count}`);
  }
  const sum = series.values[bounds.length + 1] ?? 0;
  return [...lines, line(family, '_sum', series, sum), line(family, '_count', series, count)];
}

/** OpenMetrics writes whole numbers with a point. */
function boundOf(bound: number, format: ExpositionFormat): string {
  if (bound === Infinity) return '+Inf';
  return format === 'openmetrics' && Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

/** A label without a value is left out, which is the same to Prometheus. */
function labelsOf(names: readonly string[], values: readonly string[]): string {
  const pairs = names.flatMap((name, i) => (values[i] ? [`${name}="${escapeValue(values[i])}"`] : []));
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
