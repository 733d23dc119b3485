/**
 * Characters of Omniglot (numbered through the file) that somebody could have meant as a digit, found by eye and by
 * what a digit classifier said of their 20 renderings: they would teach that such a digit is none.
 */
const OMNIGLOT_LIKE_DIGITS: ReadonlySet<number> = new Set([
  // Balinese: hooks and arches like 7, 9, 2
  4, 13,
  // Early Aramaic: 4, 9, 7, 3, I, crossed 7, 6, 0
  24, 25, 26, 27, 28, 29, 30, 33, 34, 35, 36, 37, 39, 40, 43,
  // Greek: beta, gamma and delta (8), epsilon, zeta, eta (7), theta and phi (slashed 0), iota (1), lambda (2), xi (3),
  // omicron, rho (9), sigma (6), tau (7), psi (an open 4)
  47,
  48, 49, 50, 51, 52, 53, 54, 56, 59, 60, 62, 63, 64, 66, 68,
  // Korean: strokes with ticks (1, 7), angles (7), rings and boxes (0), 2, and pairs that make a 4
  70, 74, 76, 78, 79, 81, 89, 90, 91, 92, 93, 96, 97, 102, 106,
  // Latin: a b d g i j l o q s y z
  110, 111, 113, 116, 118, 119, 121, 124, 126, 128, 134, 135,
  // Katakana: 7 in many forms, 1, 2, 3, 0
  136, 137, 143, 144, 147, 151, 157, 159, 162, 165, 171, 172, 173, 177, 178, 181,
  // Sanskrit: 5, 6, 2, 3, 9 and 0 under a bar
  187, 193, 194, 195, 196, 200, 203, 209, 213, 215, 218, 219,
  // Tagalog: 3, 0, 9
  227, 228, 231, 240,
]);

/** Whether a character of Omniglot resembles no digit. */
export function omniglotIsOther(character: number): boolean {
  return !OMNIGLOT_LIKE_DIGITS.has(character);
}

/** Letters as digits: O o Q D (0), I i l (1), Z z (2), S s (5), G b h (6), B (8), g q a (9), y Y (4). */
const LETTERS_LIKE_DIGITS = 'OoQDIilZzSsGbhBgqayY';

/** Whether a letter resembles no digit. */
export function letterIsOther(letter: string): boolean {
  return !LETTERS_LIKE_DIGITS.includes(letter);
}
