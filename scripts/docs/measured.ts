// What docs/notebook/benchmarks.md has in its tables, as numbers for pages that calculate with it.

/** What a kind of request costs, and how long it takes. */
export interface MeasuredKind {
  readonly files: string;
  readonly imagesPerRequest: number;
  /** Of the service at capacity. */
  readonly imagesPerSecond: number;
  readonly microsecondsPerImage: number;
  /** At half of capacity. */
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Measured {
  readonly cores: number;
  readonly kinds: readonly MeasuredKind[];
  /** Processor time per image of the service, one image per request, by the number of connections. */
  readonly oneConnectionMicroseconds: number;
  readonly manyConnectionsMicroseconds: number;
  readonly manyConnectionsPerSecond: number;
  /** Of the HTTP baseline: requests a second, and processor time of the server for each. */
  readonly baselinePerSecond: number;
  readonly baselineMicroseconds: number;
  readonly photoMs: number;
  /** By how much longer small pictures wait at p99 while a photo is read by the same process. */
  readonly photoPieceMs: number;
  readonly residentMegabytes: number;
}

/** Requests that are open at once in the rows of capacity, by the images in each. */
const OPEN: Readonly<Record<string, string>> = { 1: '64', 64: '16' };

const SECTIONS = ['capacity', 'connections', 'latency', 'large-pictures', 'memory'] as const;

/** @returns `null` where one of the sections was not recorded */
export function readMeasured(page: string): Measured | null {
  const sections = Object.fromEntries(SECTIONS.map((name) => [name, sectionOf(page, name)]));
  if (Object.values(sections).some((text) => !text?.includes('\n|'))) return null;
  const rowsOf = (name: (typeof SECTIONS)[number]): string[][] => rows(sections[name] ?? '');
  const capacity = rowsOf('capacity');
  const connections = rowsOf('connections');
  const latency = rowsOf('latency');
  const photos = rowsOf('large-pictures');
  const find = (table: string[][], ...begin: string[]): string[] => {
    const row = table.find((cells) => begin.every((text, i) => text === '*' || cells[i] === text));
    if (row) return row;
    throw new Error(`Expected a row ${begin.join(', ')} in docs/notebook/benchmarks.md, found none.`);
  };
  const kinds = ['1', '64'].flatMap((size) =>
    ['PNG', 'JPEG'].map((files): MeasuredKind => {
      const own = find(capacity, '**inkdigit serve**', files, size, OPEN[size] ?? '');
      const late = latency.findLast((cells) => cells[0] === files && cells[1] === size) ?? [];
      return {
        files,
        imagesPerRequest: Number(size),
        imagesPerSecond: number(own[4]),
        microsecondsPerImage: number(own[6]),
        requestsPerSecond: number(late[2]),
        p50Ms: number(late[3]),
        p99Ms: number(late[4]),
      };
    }),
  );
  const baseline = find(capacity, 'baseline: the HTTP alone', 'PNG', '1', OPEN['1'] ?? '');
  return {
    cores: number(/(\d+) cores/.exec(sections['capacity'] ?? '')?.[1]),
    kinds,
    oneConnectionMicroseconds: number(find(connections, '1', '1')[6]),
    manyConnectionsMicroseconds: number(find(connections, '1', '64')[6]),
    manyConnectionsPerSecond: number(find(connections, '1', '64')[2]),
    baselinePerSecond: number(baseline[4]),
    baselineMicroseconds: number(baseline[6]),
    photoMs: number(find(photos, 'a photo of 12 megapixels')[2]),
    photoPieceMs:
      number(find(photos, 'a small picture, while a photo is read')[3]) -
      number(find(photos, 'a small picture, alone')[3]),
    residentMegabytes: Math.max(
      ...rowsOf('memory')
        .flatMap((cells) => cells.slice(1).map(number))
        .filter(Number.isFinite),
    ),
  };
}

function sectionOf(page: string, name: string): string | undefined {
  const from = page.indexOf(`<!-- bench: ${name} -->`);
  return from < 0 ? undefined : page.slice(from, page.indexOf('<!-- end -->', from));
}

/** Cells of all lines of tables, heads and rules too. */
function rows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function number(text: string | undefined): number {
  return Number.parseFloat((text ?? '').replaceAll(',', ''));
}
