import { InkdigitError, messageOf } from '../errors.js';
import { ObjectStore } from './inputs/object-store.js';
import { openLocalReader, type LocalReader } from './readers/local-reader.js';
import type { FromReader, ToReader } from './readers/reader-messages.js';

// The program of a process that reads chunks: a picture that ends it ends no other, and not the batch.

let opening: Promise<LocalReader> | undefined;

/** Where the batch was killed meanwhile, its end comes as `disconnect`: there is nothing more to say of it. */
function tell(message: FromReader): void {
  process.send?.(message, undefined, undefined, () => {});
}

async function open(settings: Extract<ToReader, { kind: 'open' }>['settings']): Promise<LocalReader> {
  return openLocalReader(settings.modelPath, settings, new ObjectStore(process.env));
}

function codeOfThrown(thrown: unknown): InkdigitError['code'] {
  return thrown instanceof InkdigitError ? thrown.code : 'internal';
}

async function read({ id, chunk }: Extract<ToReader, { kind: 'read' }>): Promise<void> {
  try {
    const rows = await (await opening)?.read(chunk);
    if (rows) tell({ kind: 'rows', id, rows });
  } catch (thrown) {
    const isOfImages = !(thrown instanceof InkdigitError);
    tell({ kind: 'failed', id, code: codeOfThrown(thrown), message: messageOf(thrown), isOfImages });
  }
}

process.on('message', (message: ToReader) => {
  if (message.kind === 'read') void read(message);
  else {
    opening = open(message.settings);
    opening.then(
      () => tell({ kind: 'ready' }),
      (thrown: unknown) => tell({ kind: 'refused', code: codeOfThrown(thrown), message: messageOf(thrown) }),
    );
  }
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process; the one that started this says when to end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
tell({ kind: 'loaded' });
