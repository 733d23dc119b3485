import { byId } from './elements.js';

export interface Shortcuts {
  readonly undo: () => void;
  readonly redo: () => void;
  readonly clear: () => void;
  /** Makes the pen wider by this number of steps; narrower where it is negative. */
  readonly widen: (steps: number) => void;
}

/** Keys that work everywhere on the page; those of single characters only while the paper has the focus. */
export function addShortcuts({ undo, redo, clear, widen }: Shortcuts): void {
  const paper = byId('paper', HTMLElement);
  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]')) return;
    const key = event.key.toLowerCase();
    const isCommand = event.ctrlKey || event.metaKey;
    const isOnPaper = event.target === paper;
    const step = (action: () => void): void => {
      event.preventDefault();
      action();
    };
    if (isCommand && !event.altKey && key === 'z') return step(event.shiftKey ? redo : undo);
    if (isCommand && !event.altKey && key === 'y') return step(redo);
    if (isCommand || event.altKey) return undefined;
    if (key === 'delete' || key === 'backspace') return step(clear);
    if (isOnPaper && (key === '+' || key === '=')) return step(() => widen(1));
    if (isOnPaper && key === '-') return step(() => widen(-1));
    return undefined;
  });
}
