import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { writeFilesAtomically } from '../../files/write-file.js';
import { option } from '../options/declare-option.js';
import { processIo, type CommandIo } from '../terminal/command-io.js';
import { MODEL_PARTS, PAGE_PARTS, siteFiles, type SiteFiles } from './site-files.js';

interface PageOptions {
  readonly out: string;
}

/** As the build wrote it, and the models beside it in the package. */
const PAGE_FOLDER = fileURLToPath(new URL('../../page/', import.meta.url));
const MODEL_FOLDER = fileURLToPath(new URL('../../../models/', import.meta.url));

/** `inkdigit page` */
export function pageCommand(io: CommandIo = processIo): Command {
  return new Command('page')
    .description(
      'Writes the page as a site for any server of files: it reads in the browser, also offline, with no service.',
    )
    .addOption(
      option(
        '--out <folder>',
        'the folder to write; files of an earlier site are replaced',
      ).makeOptionMandatory(),
    )
    .action((options: PageOptions) => writePage(options, io));
}

async function writePage({ out }: PageOptions, io: CommandIo): Promise<void> {
  const site = siteFiles(
    await readParts(PAGE_FOLDER, PAGE_PARTS),
    await readParts(MODEL_FOLDER, MODEL_PARTS),
  );
  const folder = resolve(out);
  await writeFilesAtomically([...site].map(([path, content]) => ({ path: join(folder, path), content })));
  const bytes = [...site.values()].reduce((sum, { length }) => sum + length, 0);
  io.stdout.write(`${folder}: ${site.size} files, ${Math.round(bytes / 1000)} kB\n`);
}

async function readParts(folder: string, names: readonly string[]): Promise<SiteFiles> {
  const parts = names.map(async (name): Promise<[string, Uint8Array]> => {
    const path = join(folder, name);
    const content = await readFile(path).catch((cause: unknown) => {
      const message = `Cannot read ${path}: ${faultAndAdvice(cause)} Install inkdigit anew.`;
      throw new InkdigitError('missing_file', message, { cause });
    });
    return [name, content];
  });
  return new Map(await Promise.all(parts));
}
