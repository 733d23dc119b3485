import { resolve } from 'node:path';
import { Command } from 'commander';
import { processIo, type CommandIo } from './command-io.js';
import { dataDirOption, showDownload } from './mnist-data.js';
import { createProgressBar } from './progress-bar.js';

/** `inkdigit download` */
export function downloadCommand(io: CommandIo = processIo): Command {
  return new Command('download')
    .description("Downloads MNIST's four files, verified by SHA-256. An interrupted download is continued.")
    .addOption(dataDirOption())
    .action((options: { dataDir?: string }) => runDownload(options, io));
}

async function runDownload(options: { dataDir?: string }, io: CommandIo): Promise<void> {
  const { cacheFolder } = await import('../data/cache-folder.js');
  const { MNIST_FILES } = await import('../data/mnist-files.js');
  const { ensureMnistFile } = await import('../data/mnist.js');
  const folder = resolve(options.dataDir || cacheFolder(io.env));
  const bar = createProgressBar(io.stderr);
  try {
    for (const file of Object.values(MNIST_FILES).flatMap(({ images, labels }) => [images, labels])) {
      const { downloaded } = await ensureMnistFile(folder, file, {
        onProgress: showDownload(bar),
      });
      bar.finish();
      io.stdout.write(
        `${file.name}: ${downloaded ? 'downloaded and verified' : 'already there, verified'}\n`,
      );
    }
  } finally {
    bar.finish();
  }
  io.stdout.write(`MNIST is in ${folder}\n`);
}
