import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardStream } from '../../../src/cli/terminal/command-io.js';
import { createProgressBar, renderBar } from '../../../src/cli/terminal/progress-bar.js';

describe('renderBar', () => {
  it('shows label, bar, percent and text', () => {
    expect(renderBar({ label: 'epoch 1', fraction: 0.5, text: 'loss 0.123' }, 80)).toBe(
      `epoch 1  ${'█'.repeat(15)}${'░'.repeat(15)}   50 %  loss 0.123`,
    );
  });

  it('has no bar where the end is not known', () => {
    expect(renderBar({ label: 'file', fraction: null, text: '3 MB' }, 80)).toBe('file  3 MB');
  });

  it('shortens the bar, then drops it, then clips the text', () => {
    const progress = { label: 'epoch 1', fraction: 1, text: 'loss 0.123' };
    expect(renderBar(progress, 40)).toBe(`epoch 1  ${'█'.repeat(12)}  100 %  loss 0.123`);
    expect(renderBar(progress, 30)).toBe('epoch 1  100 %  loss 0.123');
    expect(renderBar(progress, 20)).toBe('epoch 1  100 %  los…');
  });

  it('shows 100 % at the end only', () => {
    expect(renderBar({ label: '', fraction: 0.99999 }, 80)).toContain(' 99 %');
  });

  it('is never wider than the terminal and never breaks, whatever the fraction', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.option(fc.double()),
        fc.string(),
        fc.nat(200),
        (label, fraction, text, width) => {
          expect(renderBar({ label, fraction, text }, width).length).toBeLessThanOrEqual(Math.max(1, width));
        },
      ),
    );
  });

  it('grows with the fraction', () => {
    const filled = (fraction: number): number =>
      renderBar({ label: 'x', fraction }, 80).split('█').length - 1;
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b) => {
          expect(filled(Math.min(a, b))).toBeLessThanOrEqual(filled(Math.max(a, b)));
        },
      ),
    );
  });
});

/** Stands for the sequence "erase to the end of the line". */
const ERASE = '\u0000';

/** What a terminal shows of `\r`, `\n` and "erase to the end of the line". */
function screen(written: string): string[] {
  const lines = [''];
  let column = 0;
  for (const token of written.replaceAll('\x1b[K', ERASE)) {
    const line = lines.at(-1) ?? '';
    if (token === '\r') column = 0;
    else if (token === '\n') {
      lines.push('');
      column = 0;
    } else if (token === ERASE) lines[lines.length - 1] = line.slice(0, column);
    else {
      lines[lines.length - 1] = line.slice(0, column) + token + line.slice(column + 1);
      column++;
    }
  }
  return lines;
}

function stream(isTTY: boolean): {
  isTTY: boolean;
  columns: number;
  write: (text: string) => void;
  text: string;
} {
  return {
    isTTY,
    columns: 60,
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

describe('on a terminal', () => {
  it('rewrites one line, keeps logged lines, and leaves nothing behind', () => {
    const out = stream(true);
    let nowMs = 0;
    const bar = createProgressBar(guardStream(out), { now: () => nowMs });
    const step = (fraction: number): void => {
      nowMs += 1000;
      bar.update({ label: 'epoch', fraction, text: 'x'.repeat(Math.round(10 * (1 - fraction))) });
    };
    step(0.1);
    step(0.5);
    expect(screen(out.text)).toHaveLength(1);
    expect(screen(out.text)[0]).toMatch(/^epoch {2}█+░+ {3}50 % {2}xxxxx$/);
    bar.log('epoch 1: done');
    expect(screen(out.text)[0]).toBe('epoch 1: done');
    expect(screen(out.text)[1]).toContain('50 %');
    step(1);
    bar.finish();
    expect(screen(out.text)).toEqual(['epoch 1: done', '']);
  });

  it('does not redraw more often than it should, nor what has not changed', () => {
    const out = stream(true);
    let nowMs = 0;
    const bar = createProgressBar(guardStream(out), { now: () => nowMs, redrawIntervalMs: 100 });
    for (; nowMs < 1000; nowMs += 10) bar.update({ label: 'a', fraction: nowMs / 1000 });
    expect(out.text.split('\r').length - 1).toBe(10);
    const before = out.text;
    nowMs += 1000;
    bar.update({ label: 'a', fraction: 0.9 });
    expect(out.text).toBe(before);
  });

  it('is not steered by what it shows, and stays on its line', () => {
    const out = stream(true);
    let nowMs = 0;
    const bar = createProgressBar(guardStream(out), { now: () => (nowMs += 1000) });
    bar.update({ label: '\x1b[2J\n'.repeat(20), fraction: 0.5, text: '\r\x1b[A' });
    bar.log('kept \x1b[31m');
    bar.finish();
    expect(screen(out.text)).toEqual([String.raw`kept \u001b[31m`, '']);
    expect(out.text.replaceAll('\x1b[K', '')).not.toContain('\x1b');
  });

  it('hides no cursor and never wraps', () => {
    const out = stream(true);
    const bar = createProgressBar(guardStream(out));
    bar.update({ label: 'a', fraction: 0.5, text: 'long '.repeat(40) });
    expect(screen(out.text)[0]?.length).toBe(59);
    expect(out.text).not.toContain('\x1b[?');
  });
});

describe('elsewhere', () => {
  it('writes plain lines, now and then', () => {
    const out = stream(false);
    let nowMs = 0;
    const bar = createProgressBar(guardStream(out), { now: () => nowMs, plainIntervalMs: 1000 });
    for (; nowMs <= 2500; nowMs += 100) bar.update({ label: 'a', fraction: nowMs / 10_000, text: 'b' });
    bar.log('kept');
    bar.finish();
    expect(out.text).toBe('a  10 %  b\na  20 %  b\nkept\n');
  });
});
