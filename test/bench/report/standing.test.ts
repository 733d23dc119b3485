import { describe, expect, it } from 'vitest';
import { renderSection } from '../../../bench/report/report.js';
import { figuresOf, markFigures, renderStanding } from '../../../bench/report/standing.js';

function rowOf(text: string, title: RegExp): string {
  return text.split('\n').find((line) => title.test(line)) ?? '';
}

describe('renderStanding', () => {
  it('says of each figure whether it is its target met, its requirement met, or missed', () => {
    const text = renderStanding({ shareOfLimit: 0.86, shareOfEcho: 0.5, p99BesideIdle: 8.1 });
    expect(rowOf(text, /at 64 per request \/ upper bound/)).toMatch(
      /at least 70 % \| 85 % \| 86 % \| target met/,
    );
    expect(rowOf(text, /one image each \/ baseline/)).toMatch(
      /at least 50 % \| 70 % \| 50 % \| requirement met/,
    );
    expect(rowOf(text, /p99/)).toMatch(/at most 8x \| 3x \| 8.1x \| \*\*missed\*\*/);
  });

  it('takes less for better where it is a cost', () => {
    const text = renderStanding({ costBesidePeerLarge: 1 / 16, costBesidePeerSmall: 1 / 4 });
    expect(rowOf(text, /time per image .* \/ Flask/)).toMatch(/at most 1\/6 \| 1\/15 \| 1\/16 \| target met/);
    expect(rowOf(text, /time per request of one image \/ Flask/)).toMatch(/1\/4 \| \*\*missed\*\*/);
    expect(rowOf(renderStanding({ costBesidePeerLarge: 1.42 }), /64 per request .*1\/15/)).toMatch(/1.4x/);
  });

  it('judges what is done under overload and how soon a worker is replaced', () => {
    const text = renderStanding({ goodputAtTenfold: 0.92, slowestLivezMs: 101, replacedSeconds: 0.44 });
    expect(rowOf(text, /10x overload/)).toMatch(/at least 85 % \| 90 % \| 92 % \| target met/);
    expect(rowOf(text, /livez/)).toMatch(/at most 100 ms \| 50 ms \| 101 ms \| \*\*missed\*\*/);
    expect(rowOf(text, /SIGKILL/)).toMatch(/at most 1.00 s \| 0.50 s \| 0.44 s/);
  });

  it('gives a figure that rounds to nothing no sign', () => {
    expect(rowOf(renderStanding({ residentGrowth: -0.258 }), /growth/)).toMatch(/\| 0 MB \| target met/);
  });

  it('says what was not measured, or could not be', () => {
    const text = renderStanding({ readySeconds: NaN });
    expect(rowOf(text, /ready after/)).toMatch(/\| \| not measured|\|  \| not measured/);
    expect(rowOf(text, /int8/)).toMatch(/not measured/);
  });
});

describe('figuresOf', () => {
  it('finds again what the sections of a page keep', () => {
    const section = (figures: object): string =>
      renderSection(
        'How?',
        { method: 'So.', columns: ['a'], rows: [['1']], notes: [], figures },
        { machine: 'one', date: new Date(0) },
      );
    const page = `${section({ shareOfLimit: 0.81234567 })}\n\n${section({ readySeconds: 0.5, shareOfEcho: NaN })}\n`;
    expect(figuresOf(page)).toEqual({ shareOfLimit: 0.812346, readySeconds: 0.5 });
  });

  it('finds nothing on a page without any', () => {
    expect(figuresOf('# Page\n')).toEqual({});
    expect(figuresOf(markFigures({}))).toEqual({});
  });
});
