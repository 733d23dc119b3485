import type { ErrorCode } from '../../errors.js';
import type { Access } from '../security/access.js';
import type { Limits } from '../limits.js';
import type { LogStyle } from '../log/log-format.js';
import type { LogLevel } from '../log/log-level.js';
import type { Verdict } from '../rates/image-counter.js';
import type { RateLimit } from '../rates/rate-limit.js';
import type { CountRequest } from '../rates/remote-counter.js';
import type { TrustedProxies } from '../security/client-address.js';
import type { ExpositionFormat } from '../metrics/exposition.js';
import type { WorkerReport } from '../metrics/worker-metrics.js';
import type { ModelOrder, ModelReport, WorkerModelSettings } from '../models/model-messages.js';
import type { StoreSettings } from '../models/store-settings.js';
import type { TlsFiles, TlsSecrets } from '../security/tls-files.js';

/** How the service meets what is around it. */
export interface EdgeSettings {
  /** How long it goes on taking requests, not ready, once it is told to stop; part of `shutdownTimeoutMs`. */
  readonly drainMs: number;
  /** A Unix domain socket, in the place of host and port; `mode` as for `chmod`. */
  readonly socket: { readonly path: string; readonly mode: number } | undefined;
  /** HTTPS instead of HTTP. */
  readonly tlsFiles: TlsFiles | undefined;
  /** Whom to believe about the addresses of clients. */
  readonly trustedProxies: TrustedProxies | undefined;
  /** For each caller; none where there are no limits. */
  readonly rateLimits: readonly RateLimit[];
}

/** How the service is to run; every process of it gets the same. */
export interface ServiceSettings extends EdgeSettings {
  readonly host: string;
  /** 0 asks the system for a free port. */
  readonly port: number;
  /** Of gRPC; left out where it is not served, 0 as of `port`. */
  readonly grpcPort?: number | undefined;
  readonly workers: number;
  readonly modelPath: string;
  /** Versions of a store, instead of the model of `modelPath`. */
  readonly store?: StoreSettings | undefined;
  /** Which of them a worker is to begin with; the primary says so when it starts one. */
  readonly workerModels?: WorkerModelSettings | undefined;
  /** Another name of the model `digits` in the Open Inference Protocol. */
  readonly modelAlias?: string | undefined;
  readonly version: string;
  readonly limits: Limits;
  readonly access: Access;
  /** How long open requests may take to end once the service is told to stop. */
  readonly shutdownTimeoutMs: number;
  /** How long a worker may send no heartbeat until it is replaced. */
  readonly hangTimeoutMs: number;
  readonly logLevel: LogLevel;
  readonly logStyle: LogStyle;
  /** The share of requests that went well which are logged, 0..1. */
  readonly logSample: number;
  /** Where corrections are kept; none are taken without. */
  readonly collection?: CollectionSettings | undefined;
  /** Where metrics are answered; nothing is counted without. */
  readonly metrics?: MetricsSettings | undefined;
}

/** A folder of corrections, and bytes that it may hold. */
export interface CollectionSettings {
  readonly folder: string;
  readonly maxBytes: number;
}

export interface MetricsSettings {
  /** Of the port that the primary answers on; left out where there is none. 0 asks the system for a free one. */
  readonly port?: number | undefined;
  readonly host: string;
  /** Whether the main port answers too. */
  readonly isOnMainPort: boolean;
}

/** Ports that are settled: none is 0. */
export type SettledPorts = Pick<ServiceSettings, 'port' | 'grpcPort'>;

/** What the primary adds to the settings of a worker. */
export interface WorkerSettings extends ServiceSettings {
  /** Whether traces are sent. */
  readonly isTraced: boolean;
  /** What is in `tlsFiles`. */
  readonly tls: TlsSecrets | undefined;
}

/** How often in `hangTimeoutMs` a worker sends a heartbeat, and the primary checks for one. */
export const HEARTBEATS_PER_TIMEOUT = 10;

/** What a worker tells the primary. */
export type WorkerMessage =
  /** Its program runs, and waits to be told what to do. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'ready'; readonly modelName: string }
  /** A heartbeat, sent `HEARTBEATS_PER_TIMEOUT` times in `hangTimeoutMs`. */
  /** Images to be counted; answered by `counted` in this order. */
  | { readonly kind: 'count'; readonly requests: readonly CountRequest[] }
  | { readonly kind: 'heartbeat'; readonly report?: WorkerReport | undefined }
  /** Asks for the text of `/metrics`. */
  | { readonly kind: 'metrics-wanted'; readonly id: number; readonly format: ExpositionFormat }
  | { readonly kind: 'model'; readonly report: ModelReport }
  /** `isPortTaken`: another program listens where it was to. */
  | {
      readonly kind: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly isPortTaken: boolean;
    };

/** What the primary tells a worker. */
export type PrimaryMessage =
  /** Sent, not given as an argument: those are there for every user of the machine to read. */
  | { readonly kind: 'start'; readonly settings: WorkerSettings }
  | { readonly kind: 'model'; readonly order: ModelOrder }
  /** From now on connections are to get another certificate. */
  | { readonly kind: 'tls'; readonly tls: TlsSecrets }
  | { readonly kind: 'counted'; readonly verdicts: readonly Verdict[] }
  /** The text that was asked for. */
  | { readonly kind: 'metrics'; readonly id: number; readonly text: string }
  /** Finish what is open and end. */
  | { readonly kind: 'drain' };
