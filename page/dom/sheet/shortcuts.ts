import { byId } from '../elements.js';

export interface Shortcuts {
  readonly undo: () => void;
  readonly redo: () => void;
  readonly clear: () => void;
  /** Makes the pen wider by this number of steps; narrower where it is negative. */
  readonly widen: (steps: number) => void;
}

/**
 * Undo and redo work everywhere but where text is typed, which has its own. Keys without Control belong to what has the
 * focus: they work on the paper, and where nothing has it.
 */
export function addShortcuts({ undo, redo, clear, widen }: Shortcuts): void {
  const paper = byId('paper', HTMLElement);
  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]')) return;
    const { target } = event;
    const key = event.key.toLowerCase();
    const isCommand = event.ctrlKey || event.metaKey;
    const isOnPaper = target === paper;
    const step = (action: () => void): void => {
      event.preventDefault();
      action();
    };
    if (isTextField(target)) return;
    if (isCommand && !event.altKey && key === 'z') return step(event.shiftKey ? redo : undo);
    if (isCommand && !event.altKey && key === 'y') return step(redo);
    if (isCommand || event.altKey) return undefined;
    const isFree = isOnPaper || target === document.body;
    if (isFree && (key === 'delete' || key === 'backspace')) return step(clear);
    if (isOnPaper && (key === '+' || key === '=')) return step(() => widen(1));
    if (isOnPaper && key === '-') return step(() => widen(-1));
    return undefined;
  });
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && /^(text|password|search)$/.test(target.type);
}
