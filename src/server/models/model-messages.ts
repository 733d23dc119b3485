import type { ComparisonFigures } from './comparison.js';
import type { VersionRef } from './held-models.js';

/** What a worker is started with. */
export interface WorkerModelSettings {
  readonly dir: string;
  readonly serving: VersionRef;
}

/** What the primary tells a worker. */
export type ModelOrder =
  /** Serve this version, and say when it does, or why not. */
  | {
      readonly kind: 'use';
      readonly id: number;
      readonly ref: VersionRef;
      /** Whether the one that serves until then stays open. */
      readonly keepsPrevious: boolean;
    }
  | { readonly kind: 'shadow'; readonly ref: VersionRef; readonly share: number }
  /** What `GET /version` says of all processes. */
  | { readonly kind: 'shadow-figures'; readonly figures: ShadowFigures }
  | ({ readonly kind: 'chosen'; readonly id: number } & ChoiceOutcome);

/** What a worker tells the primary. */
export type ModelReport =
  | { readonly kind: 'used'; readonly id: number; readonly ms: number; readonly wasKept: boolean }
  | { readonly kind: 'refused'; readonly id: number; readonly reason: string }
  /** An inference threw. */
  | { readonly kind: 'fault'; readonly version: number; readonly message: string }
  /** Since the version that serves here began to. */
  | { readonly kind: 'shadow-figures'; readonly figures: ShadowFigures }
  /** A client with the admin key chooses a version, or (none given) wants the current one tried again. */
  | { readonly kind: 'choose'; readonly id: number; readonly version: number | undefined };

/** What became of the choice of a version. */
export interface ChoiceOutcome {
  /** Whether it serves in all processes. */
  readonly ok: boolean;
  /** The version that serves now. */
  readonly serving: number;
  /** Why it does not serve, where it does not. */
  readonly reason?: string | undefined;
}

/** How a shadow compares with the version that serves. */
export interface ShadowFigures extends ComparisonFigures {
  readonly serving: number;
  readonly candidate: number;
  readonly share: number;
  /** Frames that no process had time for. */
  readonly dropped: number;
}
