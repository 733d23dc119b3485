import { describe, expect, it } from 'vitest';
import { readFrames } from '../../src/server/read-frames.js';

describe('readFrames', () => {
  it('stops once the client has gone', async () => {
    let read = 0;
    const uploads = Array.from({ length: 10 }, () => () => new Uint8Array(1));
    const reading = readFrames(
      uploads,
      async () => {
        read += 1;
        return new Uint8Array(784);
      },
      { maxPixels: 1000, normalize: 'never' },
      () => read === 3,
    );
    await expect(reading).rejects.toMatchObject({ code: 'client_gone' });
    expect(read).toBe(3);
  });
});
