import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { writeFileAtomically } from '../../files/write-file.js';
import { differencesOf, type BatchIdentity } from '../plan/batch-identity.js';
import type { Shard } from '../plan/shard.js';
import { shardSuffix, SUCCESS_FILE, WORK_FOLDER, type ShardPaths } from './shard-paths.js';

/** What there is in the output folder when a batch starts, and is to be done. */
export type Claim = 'begin' | 'go on' | 'done';

export interface ClaimSettings {
  readonly shard: Shard;
  /** Go on with what was begun, if anything was. */
  readonly resume: boolean;
  /** Remove what there is of this shard, and begin. */
  readonly force: boolean;
}

/**
 * Makes sure that results of another batch are neither overwritten nor mixed with those of this one.
 * @throws InkdigitError `file_exists` for results that are there already, `invalid_option` where the batch was begun
 * with another model or other options, `write_failed`
 */
export async function claimShard(
  paths: ShardPaths,
  identity: BatchIdentity,
  { shard, resume, force }: ClaimSettings,
): Promise<Claim> {
  // Until its inputs are listed nothing was begun that could be gone on with.
  const isBegun = (await isThere(paths.inputs)) || (await isThere(paths.summary));
  const begun = isBegun ? await readIdentity(paths.identity) : undefined;
  await requireSameBatch(paths.output, identity, force && shard.count === 1 ? 'all' : shard);
  const results = await resultsOf(paths, shard);
  if (begun && resume && !force) {
    requireSame(begun, identity, paths.output);
    return (await isThere(paths.summary)) ? 'done' : 'go on';
  }
  if ((begun || results.length > 0) && !force) {
    throw new InkdigitError(
      'file_exists',
      `There are results of a batch in ${paths.output} already${results[0] ? `, as ${results[0]}` : ''}. ` +
        (begun
          ? '--resume goes on with them, --force removes them, --output names another folder.'
          : '--force removes them, --output names another folder.'),
    );
  }
  try {
    for (const name of [...results, SUCCESS_FILE]) await rm(join(paths.output, name), { force: true });
    await rm(paths.work, { recursive: true, force: true });
    await mkdir(paths.work, { recursive: true });
  } catch (cause) {
    const message = `Cannot write in ${paths.output}: ${faultAndAdvice(cause, 'folder')}`;
    throw new InkdigitError('write_failed', message, { cause });
  }
  await writeFileAtomically(paths.identity, `${JSON.stringify(identity, null, 2)}\n`);
  return 'begin';
}

/** All shards of a folder are of one batch. */
async function requireSameBatch(output: string, identity: BatchIdentity, own: Shard | 'all'): Promise<void> {
  const folder = join(output, WORK_FOLDER);
  const names = await namesIn(folder);
  const others = own === 'all' ? [] : names.filter((name) => name !== `shard${shardSuffix(own)}`);
  for (const name of others) {
    const other = await readIdentity(join(folder, name, 'identity.json'));
    if (!other) continue;
    requireSame(other, identity, output);
    return;
  }
}

function requireSame(begun: BatchIdentity, identity: BatchIdentity, output: string): void {
  const differences = differencesOf(begun, identity);
  if (differences.length === 0) return;
  throw new InkdigitError(
    'invalid_option',
    `The batch in ${output} was begun otherwise: ${differences.join('; ')}. Go on as it was begun, or name another ` +
      'folder as --output.',
  );
}

/** Names of files of results that are a shard's own. */
async function resultsOf({ output }: ShardPaths, shard: Shard): Promise<string[]> {
  const suffix = shardSuffix(shard);
  const own = new RegExp(`^(part${suffix}-\\d{5,}\\.(jsonl|csv|parquet)|summary${suffix}\\.json)$`);
  return (await namesIn(output)).filter((name) => own.test(name));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return [];
    const message = `Cannot read ${folder}: ${faultAndAdvice(cause, 'folder')}`;
    throw new InkdigitError('write_failed', message, { cause });
  });
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function readIdentity(path: string): Promise<BatchIdentity | undefined> {
  try {
    const identity: BatchIdentity = JSON.parse(await readFile(path, 'utf8'));
    return identity;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    const message = `Cannot read ${path}: ${faultAndAdvice(cause)} --force begins anew.`;
    throw new InkdigitError('invalid_data', message, { cause });
  }
}
