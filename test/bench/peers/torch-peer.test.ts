import { describe, expect, it } from 'vitest';
import { peerSetup } from '../../../bench/peers/torch-peer.js';
import { conv } from '../../../src/network/network.js';
import { DEFAULT_RECIPE } from '../../../src/training/recipe.js';

const data = { framesFile: '/frames', labelsFile: '/labels' };

describe('peerSetup', () => {
  it('tells of every layer with all its settings, as JSON keeps it', () => {
    const network = {
      name: 'small',
      layers: [
        conv(4, 5, { stride: 2, bias: false }),
        { kind: 'flatten' } as const,
        { kind: 'dense', units: 10 } as const,
      ],
    };
    const setup = peerSetup({ ...DEFAULT_RECIPE, network }, data, 2, 'NCHW');
    expect(JSON.parse(JSON.stringify(setup))).toEqual({
      ...data,
      layers: [
        { kind: 'conv', channels: 4, kernel: 5, stride: 2, padding: 2, bias: false },
        { kind: 'flatten' },
        { kind: 'dense', units: 10 },
      ],
      batchSize: DEFAULT_RECIPE.batchSize,
      threads: 2,
      channelsLast: false,
      learningRate: DEFAULT_RECIPE.learningRate,
      weightDecay: DEFAULT_RECIPE.weightDecay,
      labelSmoothing: DEFAULT_RECIPE.labelSmoothing,
    });
  });

  it('asks for the other layout of pictures by name', () => {
    expect(peerSetup(DEFAULT_RECIPE, data, 2, 'channels_last').channelsLast).toBe(true);
  });
});
