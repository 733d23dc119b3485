/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

/** What may stand in a template: text and numbers are escaped, HTML is taken as it is. */
export type Content = string | number | Html | readonly Html[];

/** HTML from a template: whatever text is put in, it stays text, in elements and in quoted attributes. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return { html: parts.reduce((text, part, i) => text + render(contents[i - 1] ?? '') + part) };
}

function render(content: Content): string {
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escapeText(content);
  return 'html' in content ? content.html : content.map((piece) => piece.html).join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in the elements and the quoted attributes of HTML, SVG and XML. */
export function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
