/** A family of an exposition. */
export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: ParsedSample[];
}

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABELS = String.raw`(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\n"])*",?)*`;
const SAMPLE = new RegExp(String.raw`^(${NAME})(?:\{(${LABELS})\})? (\S+)$`);
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\n"])*)"/g;

/**
 * Reads Prometheus' text format 0.0.4 as its specification says: an independent reader for tests, which takes nothing
 * that Prometheus might refuse.
 * @throws Error that names the line which is wrong
 */
export function parseExposition(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('The last line has no line feed.');
  const families = new Map<string, ParsedFamily>();
  const seen = new Set<string>();
  let name = '';
  let help = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const heading = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (heading) {
      const [, kind = '', of = '', rest = ''] = heading;
      if (kind === 'HELP') {
        if (families.has(of)) throw new Error(`The family comes twice: ${line}`);
        [name, help] = [of, rest];
      } else if (of !== name) throw new Error(`TYPE does not follow HELP: ${line}`);
      else if (!/^(counter|gauge|histogram)$/.test(rest)) throw new Error(`Another type: ${line}`);
      else families.set(of, { type: rest, help, samples: [] });
      continue;
    }
    const [, sampleName, labelText = '', valueText = ''] = SAMPLE.exec(line) ?? [];
    if (sampleName === undefined) throw new Error(`Not a line of an exposition: ${line}`);
    const family = families.get(name);
    const suffixes = family?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    if (!family || !suffixes.some((suffix) => sampleName === name + suffix)) {
      throw new Error(`A sample that is not of the family above it: ${line}`);
    }
    const labels = Object.fromEntries(
      [...labelText.matchAll(LABEL)].map(([, key, raw]) => [key, unescape(raw)]),
    );
    const key = `${sampleName}${JSON.stringify(Object.entries(labels).toSorted())}`;
    if (seen.has(key)) throw new Error(`The series comes twice: ${line}`);
    seen.add(key);
    family.samples.push({ name: sampleName, labels, value: numberOf(valueText) });
  }
  for (const [of, family] of families) if (family.type === 'histogram') checkHistogram(of, family.samples);
  return families;
}

/** The value of one sample; 0 where there is none. */
export function valueOf(
  families: ReadonlyMap<string, ParsedFamily>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = JSON.stringify(Object.entries(labels).toSorted());
  for (const { samples } of families.values()) {
    for (const sample of samples) {
      if (sample.name !== name) continue;
      if (JSON.stringify(Object.entries(sample.labels).toSorted()) === wanted) return sample.value;
    }
  }
  return 0;
}

function unescape(text = ''): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new Error(`Not a number: ${text}`);
  return value;
}

/** Buckets ascend, count up, and end with the count. */
function checkHistogram(name: string, samples: readonly ParsedSample[]): void {
  const bySeries = new Map<string, ParsedSample[]>();
  for (const sample of samples) {
    const { le, ...labels } = sample.labels;
    if ((le === undefined) === sample.name.endsWith('_bucket')) throw new Error(`${sample.name} and le`);
    const key = JSON.stringify(labels);
    bySeries.set(key, [...(bySeries.get(key) ?? []), sample]);
  }
  for (const [series, own] of bySeries) {
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => numberOf(labels['le'] ?? ''));
    const counts = buckets.map(({ value }) => value);
    const isAscending = (values: readonly number[]): boolean =>
      values.every((value, i) => i === 0 || value >= values[i - 1]!);
    const count = own.find((sample) => sample.name === `${name}_count`)?.value;
    const hasSum = own.some((sample) => sample.name === `${name}_sum`);
    const isWhole = bounds.at(-1) === Infinity && counts.at(-1) === count && hasSum;
    if (!isAscending(bounds) || !isAscending(counts) || !isWhole) {
      throw new Error(`The histogram ${name}${series} is not one.`);
    }
  }
}
