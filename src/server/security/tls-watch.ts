import type { Logger } from 'pino';
import { messageOf } from '../../errors.js';
import { checkPem, readPem, validUntil, type TlsFiles, type TlsSecrets } from './tls-files.js';

/**
 * Between two looks at the files. They are read, not watched: what replaces a file may be a rename, a link to another
 * folder or a volume of another machine, and no one way to be told of a change knows all of them.
 */
const LOOK_EVERY_MS = 2000;

export interface TlsWatchDeps {
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** Called with what is to be used from now on. */
  readonly onChange: (secrets: TlsSecrets) => void;
  readonly lookEveryMs?: number;
}

/**
 * Sees when certificate and key were replaced. What cannot be used, as a new certificate whose key is still to come, is
 * logged once and left alone; the old pair stays in use.
 */
export class TlsWatch {
  readonly #files: TlsFiles;
  readonly #deps: TlsWatchDeps;
  readonly #timer: NodeJS.Timeout;
  #current: TlsSecrets;
  #fault: string | undefined;

  constructor(files: TlsFiles, current: TlsSecrets, deps: TlsWatchDeps) {
    this.#files = files;
    this.#deps = deps;
    this.#current = current;
    this.#timer = setInterval(() => this.#look(), deps.lookEveryMs ?? LOOK_EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { log, onChange } = this.#deps;
    const { certFile } = this.#files;
    try {
      const pem = readPem(this.#files);
      if (pem.cert === this.#current.cert && pem.key === this.#current.key) return;
      const next = checkPem(this.#files, pem);
      this.#current = next;
      this.#fault = undefined;
      onChange(next);
      log.info({ certFile, validUntil: validUntil(next) }, 'certificate replaced');
    } catch (thrown) {
      const fault = messageOf(thrown);
      if (fault !== this.#fault) log.error({ certFile, reason: fault }, 'new certificate not used');
      this.#fault = fault;
    }
  }
}
