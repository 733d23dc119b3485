import { CLASS_COUNT } from '../model/contract.js';

/** No network is believed to be surer than this. */
export const SUREST = 0.9995;

/** The logarithm of the odds, kept within what is believed. */
export function logit(probability: number): number {
  const believed = Math.min(SUREST, Math.max(1 - SUREST, probability));
  return Math.log(believed / (1 - believed));
}

export function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** Probabilities of each digit, to a power. */
export interface Factor {
  /** `[10]`; they need not add up to 1. */
  readonly values: Float32Array;
  readonly power: number;
}

/** No digit is less probable to a factor: networks are never so sure. */
const LEAST = 1e-5;

/** `[10]`: how probable each digit is to all factors together, as independent ones; they add up to 1. */
export function productOf(factors: readonly Factor[]): Float32Array {
  const logs = new Float64Array(CLASS_COUNT);
  for (const { values, power } of factors) {
    const sum = Math.max(LEAST, sumOf(values));
    for (let i = 0; i < CLASS_COUNT; i++) logs[i]! += power * Math.log(Math.max(LEAST, values[i]! / sum));
  }
  const odds = Float32Array.from(logs, Math.exp);
  const sum = sumOf(odds);
  return odds.map((value) => value / sum);
}

export function sumOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
