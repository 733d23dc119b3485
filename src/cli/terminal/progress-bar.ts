import { visibleLine } from '../../visible-text.js';
import type { Progress, ProgressBar } from '../../progress.js';
import type { LineStream, Steering } from './command-io.js';

const MAX_BAR_CELLS = 30;
const MIN_BAR_CELLS = 8;

/** One line of at most `width` characters. A narrow line loses the bar first, then the end of the text. */
export function renderBar(progress: Progress, width: number): string {
  // Escaped before it is measured: escapes are longer.
  const label = visibleLine(progress.label);
  const text = progress.text === undefined ? undefined : visibleLine(progress.text);
  if (progress.fraction === null) return clip(join(label, text), width);
  const fraction = Math.min(1, Math.max(0, progress.fraction));
  // Rounded down: 100 % means the end.
  const percent = `${String(Math.floor(fraction * 100)).padStart(3)} %`;
  const cells = Math.min(MAX_BAR_CELLS, width - join(label, '', percent, text).length);
  const filled = Math.floor(fraction * cells);
  const bar = cells < MIN_BAR_CELLS ? undefined : '█'.repeat(filled) + '░'.repeat(cells - filled);
  return clip(join(label, bar, percent, text), width);
}

function join(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('  ');
}

function clip(text: string, width: number): string {
  return text.length <= width ? text : text.slice(0, Math.max(0, width - 1)) + '…';
}

export interface ProgressBarSettings {
  /** Milliseconds of any steady clock. */
  readonly now?: () => number;
  /** Shortest time between two redraws of a terminal's bar. */
  readonly redrawIntervalMs?: number;
  /** Shortest time between two lines in a pipe or a file. */
  readonly plainIntervalMs?: number;
}

/**
 * On a terminal one line that is rewritten in place; elsewhere plain lines. The cursor is neither hidden nor moved to
 * another line, so that a killed process leaves the terminal as it was.
 */
export function createProgressBar(stream: LineStream, settings: ProgressBarSettings = {}): ProgressBar {
  const { now = () => performance.now(), redrawIntervalMs = 80, plainIntervalMs = 10_000 } = settings;
  return stream.isTTY ? terminalBar(stream, now, redrawIntervalMs) : plainLines(stream, now, plainIntervalMs);
}

/** Overwrites the line and then erases the rest, in this order, so that nothing flickers. */
const REWRITING: Steering = { before: '\r', after: '\x1b[K' };

function terminalBar(stream: LineStream, now: () => number, intervalMs: number): ProgressBar {
  let shown = '';
  let drawnAtMs = -Infinity;
  const draw = (line: string): void => {
    if (line !== shown) stream.write(line, REWRITING);
    shown = line;
  };
  return {
    update(progress) {
      if (now() - drawnAtMs < intervalMs) return;
      drawnAtMs = now();
      // The last column stays free: some terminals wrap after it. Some terminals report 0 columns.
      draw(renderBar(progress, (stream.columns || 80) - 1));
    },
    log(line) {
      stream.write(line, REWRITING);
      stream.write(`\n${shown}`);
    },
    finish() {
      if (shown !== '') stream.write('', REWRITING);
      shown = '';
      drawnAtMs = -Infinity;
    },
  };
}

function plainLines(stream: LineStream, now: () => number, intervalMs: number): ProgressBar {
  let writtenAtMs = now();
  return {
    update(progress) {
      if (now() - writtenAtMs < intervalMs) return;
      writtenAtMs = now();
      const percent = progress.fraction === null ? undefined : `${Math.floor(progress.fraction * 100)} %`;
      stream.write(`${join(progress.label, percent, progress.text)}\n`);
    },
    log: (line) => void stream.write(`${line}\n`),
    finish() {},
  };
}
