import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import type { CollectionSettings } from '../../server/processes/process-messages.js';
import { option, wholeNumber } from '../options/declare-option.js';

/** Whether corrections are kept, and how many. */
export interface CollectOptions {
  readonly collect?: string;
  readonly collectMaxBytes?: number;
}

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/** Declares those options. They have no defaults of commander's, so that one without the other can be refused. */
export function addCollectOptions(command: Command): Command {
  return command
    .addOption(
      option(
        '--collect <folder>',
        'keep corrections (POST /mnist/corrections) in this folder, as inkdigit train --images takes it; nothing else',
      ),
    )
    .addOption(
      option(
        '--collect-max-bytes <bytes>',
        `with --collect: bytes of all corrections together (default: ${DEFAULT_MAX_BYTES})`,
        { parse: wholeNumber(1) },
      ),
    );
}

/**
 * What they come to; nothing is kept where that is undefined. Makes the folder where it is not there.
 * @throws InkdigitError `invalid_option` for a limit without a folder; `write_failed` where it cannot be made
 */
export async function collectionSettingsOf({
  collect,
  collectMaxBytes: maxBytes,
}: CollectOptions): Promise<CollectionSettings | undefined> {
  if (collect === undefined) {
    if (maxBytes === undefined) return undefined;
    throw new InkdigitError('invalid_option', '--collect-max-bytes goes with --collect FOLDER.');
  }
  const folder = resolve(collect);
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new InkdigitError('write_failed', `Cannot make ${folder}: ${faultAndAdvice(cause, 'folder')}`, {
      cause,
    });
  }
  return { folder, maxBytes: maxBytes ?? DEFAULT_MAX_BYTES };
}
