import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InkdigitError } from '../../errors.js';
import type { Chunk } from '../plan/found-image.js';
import type { ChunkRows } from './chunk-reader.js';
import { frameRows, type FrameReadings } from './frame-rows.js';
import type { FromReader, ReaderSettings, ToReader } from './reader-messages.js';

const PROGRAM = fileURLToPath(new URL('../reader-program.js', import.meta.url));

/**
 * Half of V8's default young generation, and one arena of glibc, as the workers of the service have them: a process
 * that decodes pictures holds less of what it has used.
 */
const FLAGS = ['--max-semi-space-size=8'];
const ALLOCATOR = { MALLOC_ARENA_MAX: process.env['MALLOC_ARENA_MAX'] || '1' };

/** Images ended the process, or made it fail: one of them is at fault. */
export class ReaderFault extends Error {
  override readonly name = 'ReaderFault';
}

interface Waiting {
  readonly chunk: Chunk;
  readonly resolve: (rows: ChunkRows) => void;
  readonly reject: (reason: Error) => void;
}

/** A process that reads chunks. */
export class ReaderProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #isClosing = false;
  /** How it ended, once it has. */
  #end: ReaderFault | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: FromReader) => this.#hear(message));
    child.once('error', (error) => this.#ended(error.message));
    child.once('exit', (code, signal) => this.#ended(signal ? `signal ${signal}` : `exit code ${code}`));
  }

  /**
   * Starts one that is ready to read.
   * @throws InkdigitError as `openLocalReader`; `internal` where it ends before
   */
  static start(settings: ReaderSettings, program = PROGRAM): Promise<ReaderProcess> {
    const child = fork(program, [], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // Bytes go as they are.
      serialization: 'advanced',
      execArgv: [...process.execArgv, ...FLAGS],
      env: { ...process.env, ...ALLOCATOR },
    });
    const reader = new ReaderProcess(child);
    return new Promise((resolve, reject) => {
      const fail = (error: InkdigitError): void => {
        child.kill('SIGKILL');
        reject(error);
      };
      child.on('message', (message: FromReader) => {
        if (message.kind === 'loaded') reader.#tell({ kind: 'open', settings });
        else if (message.kind === 'ready') resolve(reader);
        else if (message.kind === 'refused') fail(new InkdigitError(message.code, message.message));
      });
      const ended = (how: string): void =>
        reject(new InkdigitError('internal', `A process that reads images ended as it started (${how}).`));
      child.once('error', (error) => ended(error.message));
      child.once('exit', (code, signal) => ended(signal ? `signal ${signal}` : `exit code ${code}`));
    });
  }

  /** Chunks that it has not answered. */
  get busy(): number {
    return this.#waiting.size;
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** @throws ReaderFault where the process ended; InkdigitError for what is no fault of images */
  read(chunk: Chunk): Promise<ChunkRows> {
    if (this.#end) return Promise.reject(this.#end);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { chunk, resolve, reject });
      this.#tell({ kind: 'read', id, chunk });
    });
  }

  close(): void {
    this.#isClosing = true;
    this.#child.kill('SIGKILL');
  }

  #tell(message: ToReader): void {
    // That it has gone is heard by its exit.
    this.#child.send(message, () => {});
  }

  #hear(message: FromReader): void {
    if (message.kind !== 'rows' && message.kind !== 'failed') return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (!waiting) return;
    const { chunk, resolve, reject } = waiting;
    if (message.kind === 'rows') resolve(rowsOf(chunk, message.rows));
    else if (message.isOfImages) reject(new ReaderFault(message.message));
    else reject(new InkdigitError(message.code, message.message));
  }

  #ended(how: string): void {
    const end = new ReaderFault(`the process that read it ended (${how})`);
    this.#end ??= end;
    for (const { reject } of this.#waiting.values()) {
      reject(this.#isClosing ? new InkdigitError('client_gone', 'The batch was stopped.') : end);
    }
    this.#waiting.clear();
  }
}

/** Names of frames are known here: they are not sent there and back. */
function rowsOf(chunk: Chunk, rows: ChunkRows | FrameReadings): ChunkRows {
  if ('lines' in rows) return rows;
  return frameRows(chunk.kind === 'frames' ? chunk.pieces : [], rows);
}
