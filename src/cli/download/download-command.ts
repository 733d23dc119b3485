import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Dataset } from '../../data/datasets/dataset.js';
import { processIo, type CommandIo } from '../terminal/command-io.js';
import { datasetsDirOption, splitNames } from '../options/dataset-options.js';
import { dataDirOption } from '../options/data-dir-option.js';
import { showDownload } from '../../data/download/show-download.js';
import { option } from '../options/declare-option.js';
import { createProgressBar } from '../terminal/progress-bar.js';

interface DownloadOptions {
  readonly dataDir?: string;
  readonly datasetsDir?: string;
  readonly dataset?: readonly string[];
}

/** `inkdigit download` */
export function downloadCommand(io: CommandIo = processIo): Command {
  return new Command('download')
    .description(
      'Downloads data sets, by default MNIST, verified by SHA-256. An interrupted download is continued.',
    )
    .addOption(
      option(
        '--dataset <names>',
        'data sets, with commas between them; repeatable (default: mnist)',
      ).argParser((text, before: readonly string[] | undefined) => [...(before ?? []), text]),
    )
    .addOption(dataDirOption())
    .addOption(datasetsDirOption())
    .action((options: DownloadOptions) => runDownload(options, io));
}

async function runDownload(options: DownloadOptions, io: CommandIo): Promise<void> {
  const { DATASET_NAMES, DATASETS, datasetNames } = await import('../../data/datasets/registry.js');
  const names = datasetNames(splitNames(options.dataset ?? ['mnist']), DATASET_NAMES);
  for (const name of names) {
    const folder =
      name === 'mnist'
        ? await downloadMnist(options, io)
        : await downloadOther(DATASETS[name], options.datasetsDir, io);
    io.stdout.write(`${name === 'mnist' ? 'MNIST' : name} is in ${folder}\n`);
  }
}

async function downloadMnist({ dataDir }: DownloadOptions, io: CommandIo): Promise<string> {
  const { cacheFolder } = await import('../../data/download/cache-folder.js');
  const { MNIST_FILES } = await import('../../data/mnist/mnist-files.js');
  const { ensureMnistFile } = await import('../../data/mnist/mnist.js');
  const folder = resolve(dataDir || cacheFolder(io.env));
  const bar = createProgressBar(io.stderr);
  try {
    for (const file of Object.values(MNIST_FILES).flatMap(({ images, labels }) => [images, labels])) {
      const { downloaded } = await ensureMnistFile(folder, file, { onProgress: showDownload(bar) });
      bar.finish();
      sayFile(io, file.name, downloaded);
    }
  } finally {
    bar.finish();
  }
  return folder;
}

/** @returns the folder that the files are in */
async function downloadOther(
  dataset: Dataset<unknown>,
  datasetsDir: string | undefined,
  io: CommandIo,
): Promise<string> {
  const { ensureDataset } = await import('../../data/datasets/download-dataset.js');
  const { datasetsFolder } = await import('../../data/datasets/read-dataset.js');
  const folder = resolve(datasetsFolder(datasetsDir, io.env));
  const bar = createProgressBar(io.stderr);
  try {
    await ensureDataset(dataset, folder, {
      onProgress: showDownload(bar),
      onFile: ({ name, downloaded }) => {
        bar.finish();
        sayFile(io, name, downloaded);
      },
    });
  } finally {
    bar.finish();
  }
  return folder;
}

function sayFile(io: CommandIo, name: string, downloaded: boolean): void {
  io.stdout.write(`${name}: ${downloaded ? 'downloaded and verified' : 'already there, verified'}\n`);
}
