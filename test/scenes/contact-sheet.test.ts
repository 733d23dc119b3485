import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/random.js';
import { contactSheet } from '../../src/scenes/contact-sheet.js';
import { createScenePainter } from '../../src/scenes/painter.js';
import { plainGlyphs } from './glyphs.js';

const painter = createScenePainter(plainGlyphs);
const randomOf = (picture: number): ReturnType<typeof createRandom> => createRandom(4, picture);

describe('contactSheet', () => {
  it('has each picture in its place, as its stream draws it, and a bar below those without a digit', () => {
    const sheet = contactSheet(painter, 'view', { columns: 7, rows: 3 }, randomOf);
    expect([sheet.width, sheet.height]).toEqual([7 * 68, 3 * 68]);
    let none = 0;
    for (let picture = 0; picture < 21; picture++) {
      const levels = new Uint8Array(64 * 64);
      const label = painter.drawToRead('view', randomOf(picture), levels);
      const [left, top] = [68 * (picture % 7), 68 * Math.floor(picture / 7)];
      const row = (y: number): Uint8Array =>
        sheet.data.subarray((top + y) * sheet.width + left, (top + y) * sheet.width + left + 64);
      expect(Buffer.compare(row(31), levels.subarray(31 * 64, 32 * 64))).toBe(0);
      expect(row(64).every((level) => level === (label === 10 ? 255 : 32))).toBe(true);
      none += Number(label === 10);
    }
    expect(none).toBeGreaterThan(0);
  });

  it('shows the boxes of overviews', () => {
    const sheet = contactSheet(painter, 'overview', { columns: 5, rows: 2 }, randomOf);
    expect([sheet.width, sheet.height]).toEqual([500, 200]);
    expect(sheet.data.filter((level) => level === 255).length).toBeGreaterThan(5 * 60);
  });

  it('has thumbnails of their own size', () => {
    const sheet = contactSheet(painter, 'thumbnail', { columns: 2, rows: 2 }, randomOf);
    expect([sheet.width, sheet.height]).toEqual([72, 72]);
  });
});
