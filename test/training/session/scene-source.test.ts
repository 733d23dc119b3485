import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { frameSource, namesOfSource } from '../../../src/training/session/scene-source.js';
import type { TrainingRequest } from '../../../src/training/session/training-request.js';

const asked = (more: Partial<TrainingRequest>): TrainingRequest => ({
  device: 'cpu',
  threads: 1,
  test: false,
  out: 'x.onnx',
  ...more,
});
const sourceOf = (more: Partial<TrainingRequest>): ReturnType<typeof frameSource> =>
  frameSource(asked(more), 'compact', {});

describe('frameSource', () => {
  it('takes MNIST alone where nothing is named, or MNIST is', () => {
    expect(sourceOf({})).toEqual({ mnist: true });
    expect(sourceOf({ datasets: ['mnist'] })).toEqual({ mnist: true });
  });

  it('takes what is named, each set once', () => {
    const names = ['mnist', 'unipen', 'unipen'];
    expect(sourceOf({ datasets: names, datasetsDir: 'sets' })).toEqual({
      mnist: true,
      datasets: { folder: resolve('sets'), names: ['mnist', 'unipen'] },
    });
    expect(sourceOf({ datasets: ['semeion'], datasetsDir: 'sets' }).mnist).toBe(false);
  });

  it('adds to a folder of images what is named, and nothing else', () => {
    expect(sourceOf({ images: 'mine' })).toEqual({ mnist: false });
    expect(sourceOf({ images: 'mine', withMnist: true })).toEqual({ mnist: true });
    expect(sourceOf({ images: 'mine', datasets: ['mnist'] })).toEqual({ mnist: true });
    expect(sourceOf({ images: 'mine', datasets: ['unipen'], withMnist: true })).toMatchObject({
      mnist: true,
      datasets: { names: ['unipen'] },
    });
  });

  it('refuses sets without digits and the numbers of a register', () => {
    for (const name of ['omniglot', 'paper-letters', 'register-1850', 'other']) {
      expect(() => sourceOf({ datasets: [name] })).toThrow(
        `each of mnist, unipen, semeion, optdigits, paper-digits; got "${name}"`,
      );
    }
  });
});

it('names the data sets of a source, MNIST among them', () => {
  const images = null;
  expect(namesOfSource({ mnist: true, images })).toEqual(['mnist']);
  expect(namesOfSource({ mnist: false, images })).toEqual([]);
  const datasets = { folder: '/sets', names: ['mnist', 'unipen'] as const };
  expect(namesOfSource({ mnist: true, images, datasets })).toEqual(['mnist', 'unipen']);
});
