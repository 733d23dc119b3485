import { describe, expect, it } from 'vitest';
import { parseOmniglot, parsePictureTar, parseSudokus } from '../../../src/data/datasets/parse-pictures.js';
import { idxFile } from '../mnist/idx-files.js';
import { bytesOf, errorOf, tarOf } from './made-files.js';

describe('parsePictureTar', () => {
  it('gives each picture with its truth', () => {
    const archive = tarOf([
      ['00000_432.png', Buffer.of(1)],
      ['00001_07.png', Buffer.of(2)],
    ]);
    const pictures = parsePictureTar(archive, 'it', /^\d+$/);
    expect(pictures.map(({ name, truth, bytes }) => [name, truth, [...bytes]])).toEqual([
      ['00000_432.png', '432', [1]],
      ['00001_07.png', '07', [2]],
    ]);
  });

  it.each(['432.png', '00000_4a.png', '00000_.png', '00000_4.jpg'])('refuses %s', (name) => {
    const error = errorOf(() => parsePictureTar(tarOf([[name, Buffer.of(1)]]), 'a.tar', /^\d+$/));
    expect(error.code).toBe('invalid_data');
    expect(error.message).toContain(`"${name}"`);
  });
});

describe('parseSudokus', () => {
  const grid = Array.from({ length: 9 }, (_, row) =>
    Array.from({ length: 9 }, (__, column) => (row + column) % 10).join(' '),
  );
  const dat = (rows: readonly string[]): Uint8Array =>
    bytesOf(['a phone', '960x1280', ...rows, ''].join('\n'));

  it('gives each photo with its 81 digits', () => {
    const content = new Map([
      ['s/a.dat', dat(grid)],
      ['s/a.jpg', Uint8Array.of(9)],
    ]);
    const [photo, ...more] = parseSudokus(content);
    expect(more).toEqual([]);
    expect(photo?.name).toBe('s/a.jpg');
    expect([...(photo?.bytes ?? [])]).toEqual([9]);
    expect([...(photo?.digits ?? [])]).toEqual(grid.join(' ').split(' ').map(Number));
  });

  it('refuses another number of digits, other words, and digits without a photo', () => {
    const photo = ['s/a.jpg', Uint8Array.of(9)] as const;
    const faults = [grid.slice(1), [...grid, '1'], [...grid.slice(1), '1 2 3 4 5 6 7 8 x']];
    for (const rows of faults) {
      const error = errorOf(() => parseSudokus(new Map([['s/a.dat', dat(rows)], photo])));
      expect(error.message).toContain('s/a.dat: expected two lines and then 81 digits');
    }
    expect(errorOf(() => parseSudokus(new Map([['s/a.dat', dat(grid)]]))).code).toBe('missing_file');
  });
});

describe('parseOmniglot', () => {
  it('reads characters of 20 renderings each', () => {
    const masks = Uint8Array.from({ length: 40 * 9 }, (_, i) => i % 256);
    const labels = Uint8Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 3));
    expect(parseOmniglot(idxFile([40, 3, 3], masks), idxFile([40], labels), 'it')).toEqual({
      side: 3,
      masks,
      labels,
    });
  });

  it.each([
    ['a character of fewer renderings', [39, 3, 3], [39], 'expected 20 images of each character'],
    [
      'another number of labels',
      [40, 3, 3],
      [20],
      'expected 20 images of each character and a label for each image, got 40 images and 20 labels',
    ],
    ['images that are no squares', [20, 3, 4], [20], 'expected square images, got the dimensions 20x3x4'],
  ])('refuses %s', (_, images, labels, message) => {
    const blank = (dimensions: readonly number[]): Uint8Array =>
      idxFile(dimensions, new Uint8Array(dimensions.reduce((a, b) => a * b, 1)));
    const error = errorOf(() => parseOmniglot(blank(images), blank(labels), 'a.idx'));
    expect(error.message).toContain(`a.idx: ${message}`);
  });
});
