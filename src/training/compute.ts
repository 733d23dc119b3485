import { microbatchOf, threadsFor, type Recipe } from './recipe.js';

/** Where the steps of a training are computed: on cores, or on a graphics card by WebGPU. */
export const DEVICES = ['cpu', 'webgpu'] as const;
export type Device = (typeof DEVICES)[number];

/** What a training may use. */
export interface Compute {
  readonly device: Device;
  /** Threads for what is done on cores: steps, or with a graphics card the pictures for them. */
  readonly threads: number;
}

/** Threads by what they do. */
export interface ThreadPlan {
  /** They share the microbatches of each step. */
  readonly steps: number;
  /** They draw scenes, one step each in turn. */
  readonly loaders: number;
}

/** To draw a scene takes a core about as long as to train on it: this many threads take turns. */
const LOADERS_BESIDE_STEPS = 2;

export function onCpu(threads: number): Compute {
  return { device: 'cpu', threads };
}

/** Images that are worked on at once. Small ones stay in the cache of a core; a graphics card takes the whole batch. */
export function microbatchFor({ batchSize }: Recipe, { device }: Compute): number {
  return device === 'webgpu' ? batchSize : microbatchOf(batchSize);
}

/** A graphics card does a step in the time of a few scenes: all cores draw, and one thread hands the steps over. */
export function planThreads(recipe: Recipe, { device, threads }: Compute): ThreadPlan {
  if (device === 'webgpu') return { steps: 1, loaders: threads };
  return { steps: threadsFor(recipe, threads), loaders: LOADERS_BESIDE_STEPS };
}
