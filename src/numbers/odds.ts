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
