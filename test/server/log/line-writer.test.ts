import { describe, expect, it, vi } from 'vitest';
import { LineWriter } from '../../../src/server/log/line-writer.js';

/** A destination with room for a number of bytes; beyond it, it fails with `code`. */
function destination(
  room: number,
  code: string,
): { room: number; text: string; write: (bytes: Buffer) => number } {
  const state = {
    room,
    text: '',
    write(bytes: Buffer): number {
      if (state.room === 0) throw Object.assign(new Error('no room'), { code });
      const taken = bytes.subarray(0, state.room);
      state.room -= taken.length;
      state.text += taken.toString();
      return taken.length;
    },
  };
  return state;
}

describe('LineWriter', () => {
  it('loses lines on a full disk, and writes whole ones again once there is room', () => {
    const disk = destination(6, 'ENOSPC');
    const writer = new LineWriter(disk.write);
    writer.write('one\n');
    writer.write('two\n');
    writer.write('three\n');
    expect(disk.text).toBe('one\ntw');
    disk.room = 100;
    writer.write('four\n');
    writer.write('five\n');
    expect(disk.text).toBe('one\ntw\nfour\nfive\n');
  });

  it('keeps what there is no room for at the moment, and writes it later, in order', () => {
    vi.useFakeTimers();
    try {
      const pipe = destination(6, 'EAGAIN');
      const writer = new LineWriter(pipe.write);
      writer.write('one\n');
      writer.write('two\n');
      writer.write('three\n');
      expect(pipe.text).toBe('one\ntw');
      pipe.room = 100;
      vi.runAllTimers();
      expect(pipe.text).toBe('one\ntwo\nthree\n');
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps a bounded amount, and whole lines of it', () => {
    const pipe = destination(0, 'EAGAIN');
    const writer = new LineWriter(pipe.write);
    const line = `${'x'.repeat(999)}\n`;
    for (let i = 0; i < 1000; i++) writer.write(line);
    pipe.room = 1_000_000;
    writer.write('last\n');
    expect(pipe.text.length).toBeGreaterThan(100_000);
    expect(pipe.text.length).toBeLessThanOrEqual(256 * 1024 + line.length);
    expect(pipe.text.length % 1000).toBe('last\n'.length);
  });
});
