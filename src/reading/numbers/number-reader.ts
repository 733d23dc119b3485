import type { Picture } from '../../image/picture.js';
import type { Plane } from '../../image/plane.js';
import { distinct, type Look } from '../../numbers/detections.js';
import { linesInDoubt, secondCloseUps, together } from '../../numbers/looks.js';
import { numberOf, type PlacedNumber } from '../../numbers/number-of.js';
import { MAX_DIGITS, type NumberRules } from '../../numbers/rules.js';
import { lookAround, type LookingNetworks } from './looking.js';
import { readPlaces } from './read-places.js';
import type { ViewReader } from '../view-reading.js';

/** Reads every digit in pictures. */
export interface NumberReader {
  /**
   * Reads the number in a picture. Between two inferences others have their turn.
   * @returns boxes in pixels of the gray plane
   */
  read(picture: Picture, rules: NumberRules): Promise<PlacedNumber>;
}

/** Networks that are open; who opened them closes them. */
export interface NumberNetworks extends LookingNetworks {
  /**
   * Reads doubtful digits as well where a line is in doubt; and what stands in the cells of a table, printed digits
   * among it, which the others never learned.
   */
  readonly reader: ViewReader;
}

/** Makes a reader of numbers. */
export function createNumberReader({ reader, ...networks }: NumberNetworks): NumberReader {
  const { finder, detector, verifier } = networks;
  const anywhere = async (gray: Plane, rules: NumberRules): Promise<PlacedNumber> => {
    const looks = await lookAround(gray, networks);
    if (looks.length === 0) return numberOf([], rules);
    const number = await numberIn(gray, looks, [await verifier()], rules);
    const inDoubt = linesInDoubt(number);
    if (inDoubt.length === 0) return number;
    const network = await detector();
    const closeUps = secondCloseUps(inDoubt, { picture: gray, onlySquares: network.onlySquares });
    const again = await network.detect(gray, closeUps);
    return numberIn(gray, [...looks, ...again], [await verifier(), reader], rules);
  };
  return {
    async read({ gray }, rules) {
      const { cells } = rules;
      if (!cells) return anywhere(gray, rules);
      // Few ask for cells: browsers load the code for them when somebody does.
      const { readCells } = await import('./cell-reader.js');
      return readCells(gray, cells, { finder, detector: await detector(), reader });
    },
  };
}

/** Of what the detector is surer of, or holds for less probable, others say nothing else. */
const IN_DOUBT = [0.1, 0.9] as const;

async function numberIn(
  gray: Plane,
  looks: readonly Look[],
  readers: readonly ViewReader[],
  rules: NumberRules,
): Promise<PlacedNumber> {
  // One more than are read, so that it is known whether there are more.
  const digits = distinct(together(looks, MAX_DIGITS + 1), MAX_DIGITS + 1);
  const read = await readPlaces(gray, digits.slice(0, MAX_DIGITS), readers, { inDoubt: IN_DOUBT });
  const separators = looks.flatMap((look) => look.separators);
  const number = numberOf(read, rules, separators);
  return digits.length > MAX_DIGITS ? { ...number, truncated: true } : number;
}
