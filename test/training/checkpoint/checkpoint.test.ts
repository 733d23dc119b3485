import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { InkdigitError } from '../../../src/errors.js';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/training/checkpoint/checkpoint.js';
import { DEFAULT_AUGMENTATION } from '../../../src/training/augmentation/augment.js';
import type { Recipe } from '../../../src/training/recipe.js';
import { sha256Of } from '../../../src/sha256.js';
import { someCheckpoint } from '../../helpers/models/checkpoints.js';

const checkpoint = someCheckpoint(2);

/** A checkpoint with digests in the place of its floats: toEqual takes seconds for millions of them. */
function withDigests(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, member: unknown) =>
      member instanceof Float32Array ? sha256Of(new Uint8Array(member.buffer)) : member,
    ),
  );
}

describe('a checkpoint', () => {
  const file = Buffer.from(encodeCheckpoint(checkpoint));

  it('gives back what was written', () => {
    expect(withDigests(decodeCheckpoint(file, 'x'))).toEqual(withDigests(checkpoint));
  });

  it('reads one of a version that knew no scenes', () => {
    const { scenesPerEpoch: _, ...recipe } = checkpoint.recipe;
    const older = encodeCheckpoint({ ...checkpoint, recipe: recipe as Recipe });
    expect(decodeCheckpoint(older, 'x').recipe).toEqual({ ...checkpoint.recipe, scenesPerEpoch: 64_000 });
  });

  it('reads one that has settings under their earlier names', () => {
    const { distillation, ...recipe } = checkpoint.recipe;
    const { corruptionProbability: _, ...others } = DEFAULT_AUGMENTATION;
    const written = {
      ...recipe,
      teaching: { ...distillation, share: 0.7 },
      augmentation: { ...others, spoiltShare: 0.13 },
    };
    const older = encodeCheckpoint({ ...checkpoint, recipe: written as unknown as Recipe });
    expect(decodeCheckpoint(older, 'x').recipe).toEqual({
      ...recipe,
      distillation: { ...distillation, share: 0.7 },
      augmentation: { ...others, corruptionProbability: 0.13 },
    });
  });

  it('is refused when any byte was changed or the end is missing', () => {
    const place = fc.oneof(fc.nat(400), fc.nat(file.length - 1));
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Uint8Array.from(file);
        damaged[at]! ^= change;
        expect(() => decodeCheckpoint(damaged, 'x')).toThrow(InkdigitError);
        expect(() => decodeCheckpoint(file.subarray(0, at), 'x')).toThrow(InkdigitError);
      }),
      { numRuns: 20 },
    );
  });

  it('is refused where its network has other layers now, of as many numbers', () => {
    const { recipe } = checkpoint;
    const layers = recipe.network.layers.filter(({ kind }) => kind !== 'dropout');
    const other = encodeCheckpoint({
      ...checkpoint,
      recipe: { ...recipe, network: { ...recipe.network, layers } },
    });
    expect(() => decodeCheckpoint(other, 'x')).toThrow(
      /^x was written for another form of the network compact: expected the layers .*dropout 0\.2, dense/,
    );
  });

  it('is refused when another version wrote it, which drew other numbers by chance', () => {
    const [magic, ...rest] = file.toString('latin1').split('\n');
    expect(magic).toBe('inkdigit checkpoint 8');
    const older = Buffer.from(['inkdigit checkpoint 7', ...rest].join('\n'), 'latin1');
    expect(() => decodeCheckpoint(older, 'x')).toThrow(
      'x was written by another version of inkdigit, which alone can read it.',
    );
  });

  it('says what is wrong with a file', () => {
    expect(() => decodeCheckpoint(Buffer.from('hello'), 'runs/a.checkpoint')).toThrow(
      'runs/a.checkpoint is not a checkpoint of a training (5 bytes).',
    );
    expect(() => decodeCheckpoint(file.subarray(0, 5000), 'runs/a.checkpoint')).toThrow(
      'runs/a.checkpoint is damaged: its checksum does not match its 5000 bytes.',
    );
  });
});
