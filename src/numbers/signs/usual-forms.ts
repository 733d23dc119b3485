import type { ReadCandidate } from '../candidate.js';
import type { DetectedSeparator } from '../detections.js';
import type { NumberPath } from '../lattice.js';
import { marksBefore } from './marks-between.js';

/** How people write most numbers that have separators: `d` for a digit. */
const USUAL_FORMS = [
  // Phone numbers; a bracket is not seen now and then.
  /^ddd-dddd$/,
  /^(d-)?ddd([-.])ddd\2dddd$/,
  /^(d-)?\(?ddd\)?ddd-dddd$/,
  /^\(ddd\)ddddddd$/,
  // Postcodes.
  /^ddddd-dddd$/,
  // Dates.
  /^dd?([-/.])dd?\1(dd)?dd$/,
  /^dddd-dd-dd$/,
  // Amounts.
  /^d+\.dd$/,
] as const;

/** How much likelier a line has such a form than any other one with separators. */
const LIKELIER = 20;

/**
 * The numbers that a line may be once more, those of a usual form likelier: where separators are seen, a digit too few
 * or too many makes a form that is hardly used.
 * @param candidates of the line
 * @param separators of its picture
 * @returns the likeliest first
 */
export function rankedByForm(
  paths: readonly NumberPath[],
  candidates: readonly ReadCandidate[],
  separators: readonly DetectedSeparator[],
): readonly NumberPath[] {
  if (separators.length === 0) return paths;
  const weights = paths.map((path) => (isUsual(formOf(path, candidates, separators)) ? LIKELIER : 1));
  if (weights.every((weight) => weight === 1)) return paths;
  const added = paths.reduce((sum, { probability }, i) => sum + ((weights[i] ?? 1) - 1) * probability, 0);
  return paths
    .map((path, i) => ({ ...path, probability: (path.probability * (weights[i] ?? 1)) / (1 + added) }))
    .toSorted((a, b) => b.probability - a.probability);
}

/** `d` for each digit of a number, and the separators between them: `ddd-dddd`. */
function formOf(
  path: NumberPath,
  candidates: readonly ReadCandidate[],
  separators: readonly DetectedSeparator[],
): string {
  const boxes = path.candidates.flatMap((at) => candidates[at]?.box ?? []);
  return marksBefore(boxes, separators)
    .map((mark) => `${mark}d`)
    .join('');
}

function isUsual(form: string): boolean {
  return USUAL_FORMS.some((usual) => usual.test(form));
}
