import { resolve } from 'node:path';
import { Command } from 'commander';
import { SHEET_KINDS, type SheetKind } from '../../scenes/contact-sheet.js';
import { processIo, type CommandIo } from '../terminal/command-io.js';
import { datasetsDirOption, datasetsOption } from '../options/dataset-options.js';
import { dataDirOption } from '../options/data-dir-option.js';
import { option, wholeNumber } from '../options/declare-option.js';

interface ScenesOptions {
  readonly kind: SheetKind;
  readonly columns: number;
  readonly rows: number;
  readonly seed: number;
  readonly out: string;
  readonly force?: boolean;
  readonly datasets?: readonly string[];
  readonly datasetsDir?: string;
  readonly dataDir?: string;
}

/** `inkdigit scenes` */
export function scenesCommand(io: CommandIo = processIo): Command {
  return new Command('scenes')
    .description(
      'Draws a contact sheet of what networks are trained on: views for a reader, overviews for a finder, ' +
        'close-ups for a detector, thumbnails, places in numbers for a verifier.',
    )
    .addOption(option('--kind <kind>', 'what the sheet shows', { default: 'view' }).choices(SHEET_KINDS))
    .addOption(option('--columns <n>', 'pictures in a row', { default: 20, parse: wholeNumber(1, 100) }))
    .addOption(option('--rows <n>', 'rows', { default: 12, parse: wholeNumber(1, 100) }))
    .addOption(
      option('--seed <n>', 'another seed shows other pictures', {
        default: 1,
        parse: wholeNumber(0, 2 ** 32 - 1),
      }),
    )
    .addOption(option('--out <file>', 'the PNG file', { default: 'scenes.png' }))
    .addOption(option('--force', 'replace an earlier file'))
    .addOption(datasetsOption('data sets to take digits from (a,b; default: all)'))
    .addOption(dataDirOption())
    .addOption(datasetsDirOption())
    .action((options: ScenesOptions) => runScenes(options, io));
}

async function runScenes(options: ScenesOptions, io: CommandIo): Promise<void> {
  const { kind, columns, rows, seed, force = false } = options;
  const { refuseToOverwrite, requireWritable, writeFileAtomically } =
    await import('../../files/write-file.js');
  const out = resolve(options.out);
  await requireWritable(out);
  if (!force) await refuseToOverwrite([out], 'Choose another --out, or --force to replace it.');
  const { glyphSource } = await import('../../training/session/scene-source.js');
  const { loadSceneMaterial } = await import('../../training/scenes/scene-material.js');
  const { createProgressBar } = await import('../terminal/progress-bar.js');
  const { createScenePainter } = await import('../../scenes/painter.js');
  const { contactSheet } = await import('../../scenes/contact-sheet.js');
  const { planePng } = await import('../../image/plane-png.js');
  const { randomStream } = await import('../../random-streams.js');
  const source = glyphSource(options.datasets, options.datasetsDir, io.env);
  const bar = createProgressBar(io.stderr);
  try {
    const { training } = await loadSceneMaterial(source, options.dataDir, bar);
    const sheet = contactSheet(createScenePainter(training), kind, { columns, rows }, (picture) =>
      randomStream('contactSheet', seed, picture),
    );
    await writeFileAtomically(out, planePng(sheet));
  } finally {
    bar.finish();
  }
  io.stdout.write(`Drew ${columns * rows} ${kind}s on ${out}\n`);
}
