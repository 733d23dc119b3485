import type { ErrorCode } from '../../errors.js';
import type { Access } from '../security/access.js';
import type { Limits } from '../limits.js';
import type { LogLevel } from '../log/log-level.js';
import type { ModelOrder, ModelReport, WorkerModelSettings } from '../models/model-messages.js';
import type { StoreSettings } from '../models/store-settings.js';

/** How the service is to run; every process of it gets the same. */
export interface ServiceSettings {
  readonly host: string;
  /** 0 asks the system for a free port. */
  readonly port: number;
  readonly workers: number;
  readonly modelPath: string;
  /** Versions of a store, instead of the model of `modelPath`. */
  readonly store?: StoreSettings | undefined;
  /** Which of them a worker is to begin with; the primary says so when it starts one. */
  readonly workerModels?: WorkerModelSettings | undefined;
  readonly version: string;
  readonly limits: Limits;
  readonly access: Access;
  /** How long open requests may take to end once the service is told to stop. */
  readonly shutdownTimeoutMs: number;
  /** How long a worker may send no heartbeat until it is replaced. */
  readonly hangTimeoutMs: number;
  readonly logLevel: LogLevel;
}

/** How often in `hangTimeoutMs` a worker sends a heartbeat, and the primary checks for one. */
export const HEARTBEATS_PER_TIMEOUT = 10;

/** What a worker tells the primary. */
export type WorkerMessage =
  /** Its program runs, and waits to be told what to do. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'ready'; readonly modelName: string }
  /** A heartbeat, sent `HEARTBEATS_PER_TIMEOUT` times in `hangTimeoutMs`. */
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'model'; readonly report: ModelReport }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

/** What the primary tells a worker. */
export type PrimaryMessage =
  /** Sent, not given as an argument: those are there for every user of the machine to read. */
  | { readonly kind: 'start'; readonly settings: ServiceSettings }
  | { readonly kind: 'model'; readonly order: ModelOrder }
  /** Finish what is open and end. */
  | { readonly kind: 'drain' };
