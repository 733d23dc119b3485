/** What a version has to be to serve. */
export interface CheckLimits {
  /** Share of the golden images that it has to classify correctly, 0..1. */
  readonly goldenAccuracy: number;
  /** How many times the processor time of the version that serves it may take for the same images. */
  readonly maxSlowdown: number;
}

export const DEFAULT_CHECK_LIMITS: CheckLimits = { goldenAccuracy: 0.9, maxSlowdown: 1.5 };

export const DEFAULT_CANARY_MS = 2000;

/** Versions of a store, as the service is to serve them. */
export interface StoreSettings {
  readonly dir: string;
  readonly limits: CheckLimits;
  /** For how long the first process with a new version is watched before the others get it. */
  readonly canaryMs: number;
  /** A version to compare with the one that serves, and on what share of requests, 0..1. */
  readonly shadow?: { readonly version: number; readonly share: number } | undefined;
}
