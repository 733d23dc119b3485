import { make } from '../../dom/elements.js';
import { paragraphsOf, piecesOf } from '../prose.js';

/** A line with its code as code. */
export function richLine(line: string): (Node | string)[] {
  return piecesOf(line).map(({ kind, text }) => (kind === 'code' ? make('code', '', text) : text));
}

export function richParagraphs(text: string): HTMLParagraphElement[] {
  return paragraphsOf(text).map((pieces) =>
    make(
      'p',
      '',
      ...pieces.map(({ kind, text: words }) => (kind === 'code' ? make('code', '', words) : words)),
    ),
  );
}

/** Text of a program or an answer, that can be scrolled by keys. */
export function codeBlock(text: string, label: string): HTMLPreElement {
  const block = make('pre', '', make('code', '', text));
  block.tabIndex = 0;
  block.setAttribute('role', 'group');
  block.ariaLabel = label;
  return block;
}

/** A table that scrolls to the side where it is too wide. */
export function scrollTable(
  label: string,
  heads: readonly string[],
  rows: readonly HTMLElement[],
): HTMLElement {
  const head = make('tr', '', ...heads.map((text) => columnHead(text)));
  const table = make('table', '', make('thead', '', head), make('tbody', '', ...rows));
  const scroll = make('div', 'scroll', table);
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'group');
  scroll.ariaLabel = label;
  return scroll;
}

/** A row whose first cell names it. */
export function tableRow(
  name: Node | string,
  ...cells: readonly (readonly (Node | string)[])[]
): HTMLElement {
  const head = make('th', '', name);
  head.scope = 'row';
  return make('tr', '', head, ...cells.map((content) => make('td', '', ...content)));
}

function columnHead(text: string): HTMLElement {
  const head = make('th', '', text);
  head.scope = 'col';
  return head;
}
