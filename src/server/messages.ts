import type { ErrorCode } from '../errors.js';
import type { Access } from './access.js';
import type { Limits } from './limits.js';
import type { LogLevel } from './logger.js';

/** How the service is to run; every process of it gets the same. */
export interface ServiceSettings {
  readonly host: string;
  /** 0 asks the system for a free port. */
  readonly port: number;
  readonly workers: number;
  readonly modelPath: string;
  readonly version: string;
  readonly limits: Limits;
  /** Left out: everybody. */
  readonly access?: Access | undefined;
  /** How long open requests may take to end once the service is told to stop. */
  readonly shutdownTimeoutMs: number;
  readonly logLevel: LogLevel;
}

/** What a worker tells the primary. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly modelName: string }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

/** What the primary tells a worker: finish what is open and end. */
export interface DrainMessage {
  readonly kind: 'drain';
}
