import { describe, expect, it } from 'vitest';
import { groupsOf } from '../../../src/numbers/signs/mark-groups.js';

const seen = (mark: string, x: number, probability: number) => ({
  mark,
  box: { x, y: 10, width: 16, height: 6 },
  probability,
});

describe('groupsOf', () => {
  it('puts together what several close-ups show of the same ink, and keeps the likeliest', () => {
    const groups = groupsOf([seen('-', 0, 0.7), seen('-', 1, 0.9), seen('/', 2, 0.4), seen('-', 60, 0.5)]);
    expect(groups).toHaveLength(2);
    expect(groups[0]?.box.x).toBe(1);
    expect([...(groups[0]?.probabilities ?? [])]).toEqual([
      ['-', 0.9],
      ['/', 0.4],
    ]);
    expect([...(groups[1]?.probabilities ?? [])]).toEqual([['-', 0.5]]);
  });

  it('keeps thin ones apart that stand beside each other', () => {
    const slash = (x: number) => ({ mark: '/', box: { x, y: 0, width: 4, height: 30 }, probability: 0.9 });
    expect(groupsOf([slash(0), slash(8)])).toHaveLength(2);
    expect(groupsOf([slash(0), slash(3)])).toHaveLength(1);
  });
});
