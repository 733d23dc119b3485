/** The codings that files are kept in beside themselves, the smallest first. */
export const CODINGS = ['br', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number];

/** What `Accept-Encoding` may call a coding. */
const ALIASES: Readonly<Record<string, string>> = { 'x-gzip': 'gzip' };

/** A weight as RFC 9110, 12.4.2 has it. */
const WEIGHT = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

/**
 * The coding to answer in, by RFC 9110, 12.5.3: the one that the caller likes best, of equals the smallest.
 * @param acceptEncoding the header as it came; a caller without it gets the file as it is
 * @param available the codings that there are
 * @returns `null` for the file as it is, also where the caller accepts nothing that there is
 */
export function chooseCoding(
  acceptEncoding: string | undefined,
  available: readonly Coding[],
): Coding | null {
  const weights = weightsOf(acceptEncoding ?? '');
  const ofOthers = weights.get('*');
  let best: Coding | null = null;
  // A coding that is named goes before the file as it is, unless that is named too, and liked better.
  let bestWeight = weights.get('identity') ?? 0;
  for (const coding of CODINGS.filter((one) => available.includes(one))) {
    const weight = weights.get(coding) ?? ofOthers ?? 0;
    if (weight > bestWeight || (best === null && weight > 0 && weight === bestWeight)) {
      best = coding;
      bestWeight = weight;
    }
  }
  return best;
}

/** Coding, in lower case, -> weight, 0..1. What cannot be read is passed over. */
function weightsOf(acceptEncoding: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const item of acceptEncoding.split(',')) {
    const [name = '', parameter, ...others] = item.split(';').map((part) => part.trim());
    const [, weight] = parameter === undefined ? ['', '1'] : (WEIGHT.exec(parameter) ?? []);
    if (name === '' || weight === undefined || others.length > 0) continue;
    const coding = name.toLowerCase();
    weights.set(ALIASES[coding] ?? coding, Number(weight));
  }
  return weights;
}
