/**
 * Characters of Omniglot (numbered through the file) that somebody could have meant as a digit, found by eye and by
 * what a digit classifier says of their renderings: they teach nothing as "no digit".
 */
const OMNIGLOT_LIKE_DIGITS: ReadonlySet<number> = new Set([
  // Balinese: hooks and arches like 7, 9, 2
  4, 13,
  // Early Aramaic: 4, 9, 7, 3, I, crossed 7, 6, 0
  24, 25, 26, 27, 28, 29, 30, 33, 34, 35, 36, 37, 39, 40, 43,
  // Greek: beta and gamma and delta (8), epsilon, zeta, theta (slashed 0), iota, xi (3), omicron, rho (9), sigma (6), tau,
  // phi (slashed 0)
  47,
  48, 49, 50, 51, 53, 54, 59, 60, 62, 63, 64, 66,
  // Korean: strokes (1), angles (7), rings and boxes (0), 2
  78, 79, 90, 91, 92, 93, 96, 97, 102, 106,
  // Latin: a b d g i j l o q s y z
  110, 111, 113, 116, 118, 119, 121, 124, 126, 128, 134, 135,
  // Katakana: 7 in many forms, 1, 2, 3, 0
  136, 137, 139, 143, 144, 147, 151, 153, 157, 159, 162, 165, 166, 170, 171, 172, 173, 177, 178, 180, 181,
  // Sanskrit: 5, 6, 2, 3 and 0 under a bar
  187, 193, 194, 195, 196, 200, 209, 215, 216, 217, 218, 219, 224,
  // Tagalog: 3, 0, 9
  227, 228, 231, 238, 239, 240,
]);

/** Whether a character of Omniglot resembles no digit. */
export function omniglotIsOther(character: number): boolean {
  return !OMNIGLOT_LIKE_DIGITS.has(character);
}

/**
 * Letters that are written as digits are: O o Q D (0), I i l L (1), Z z (2), S s (5), G b (6), B (8), g q a (9), y (4);
 * T and J as some write 7 and 1.
 */
const LETTERS_LIKE_DIGITS = 'OoQDIilLjJZzSsGbBgqay';

/** Whether a letter resembles no digit. */
export function letterIsOther(letter: string): boolean {
  return !LETTERS_LIKE_DIGITS.includes(letter);
}
