/** A piece of a line: words or code. */
export interface Piece {
  readonly kind: 'text' | 'code';
  readonly text: string;
}

/** The part of CommonMark that the document uses: paragraphs, and code between backticks. */
export function paragraphsOf(text: string): Piece[][] {
  return text.split(/\n{2,}/).map((paragraph) => piecesOf(paragraph.replaceAll('\n', ' ')));
}

export function piecesOf(line: string): Piece[] {
  return line
    .split('`')
    .map((text, i): Piece => ({ kind: i % 2 === 0 ? 'text' : 'code', text }))
    .filter(({ text }) => text !== '');
}
