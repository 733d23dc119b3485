import type { ReadCandidate } from '../candidate.js';
import type { DetectedSeparator } from '../detections.js';
import type { NumberPath } from '../lattice.js';
import { isOfCalendar } from './dates.js';
import { marksBefore } from './marks-between.js';

/** How people write most numbers that have separators. */
const USUAL_FORMS = [
  // Phone numbers; a bracket is not seen now and then.
  /^\d{3}-\d{4}$/,
  /^(\d-)?\d{3}([-.])\d{3}\2\d{4}$/,
  /^(\d-)?\(?\d{3}\)?\d{3}-\d{4}$/,
  /^\(\d{3}\)\d{7}$/,
  // Postcodes.
  /^\d{5}-\d{4}$/,
  // Amounts.
  /^\d+\.\d\d$/,
] as const;

/** A date; which is the day, which the month and which the year, the calendar tells. */
const DATE = /^(\d\d?|\d{4})([-/.])(\d\d?)\2(\d\d|\d{4})$/;

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
  const weights = paths.map((path) => (isUsual(writtenOf(path, candidates, separators)) ? LIKELIER : 1));
  if (weights.every((weight) => weight === 1)) return paths;
  const added = paths.reduce((sum, { probability }, i) => sum + ((weights[i] ?? 1) - 1) * probability, 0);
  return paths
    .map((path, i) => ({ ...path, probability: (path.probability * (weights[i] ?? 1)) / (1 + added) }))
    .toSorted((a, b) => b.probability - a.probability);
}

/** The digits of a number with the separators between them. */
function writtenOf(
  path: NumberPath,
  candidates: readonly ReadCandidate[],
  separators: readonly DetectedSeparator[],
): string {
  const boxes = path.candidates.flatMap((at) => candidates[at]?.box ?? []);
  return marksBefore(boxes, separators)
    .map((mark, i) => `${mark}${path.text[i] ?? ''}`)
    .join('');
}

function isUsual(written: string): boolean {
  if (USUAL_FORMS.some((usual) => usual.test(written))) return true;
  const [, first, , second, third] = DATE.exec(written) ?? [];
  return first !== undefined && isOfCalendar([first, second, third].map(Number));
}
