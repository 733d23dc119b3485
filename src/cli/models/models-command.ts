import { Command } from 'commander';
import { modelsDirOption } from '../options/models-dir-option.js';
import { milliseconds, option, wholeNumber } from '../options/declare-option.js';
import { dataDirOption } from '../options/data-dir-option.js';
import { processIo, type CommandIo } from '../terminal/command-io.js';
import type { CompareOptions } from './compare-models.js';
import type { SwitchOptions } from './switch-model.js';
import type { StoreCommandOptions } from './store-commands.js';

const DEFAULT_WAIT_MS = 120_000;

/** `inkdigit models` */
export function modelsCommand(io: CommandIo = processIo): Command {
  const models = new Command('models').description(
    'Keeps versions of models in a folder, and says which one inkdigit serve --models is to serve.',
  );
  const version = wholeNumber(1);
  const add = (name: string, description: string): Command => {
    const command = new Command(name).description(description).addOption(modelsDirOption());
    models.addCommand(command);
    return command;
  };

  add(
    'add',
    'Adds a model, its card and the networks of pictures beside it as a version, which never changes.',
  )
    .argument('<file>', 'ONNX model, with its card (.json) beside it')
    .action(async (file: string, options: StoreCommandOptions) => {
      const { addModel } = await import('./add-model.js');
      await addModel(file, options, io);
    });

  add('list', 'Lists the versions, which one is current, and what services make of it.')
    .addOption(option('--json', 'print one JSON document'))
    .action(async (options: StoreCommandOptions) => {
      const { listModels } = await import('./store-commands.js');
      await listModels(options, io);
    });

  const switching = (command: Command): Command =>
    command
      .addOption(
        option('--wait', 'wait until every service that watches the store serves it; exit code 1 if not'),
      )
      .addOption(
        option('--timeout-ms <ms>', 'with --wait: for how long', {
          default: DEFAULT_WAIT_MS,
          parse: milliseconds,
        }),
      );

  switching(add('use', 'Makes a version current: services try it, and serve it if it may.'))
    .argument('<version>', 'its number', version)
    .action(async (number: number, options: SwitchOptions) => {
      const { useModel } = await import('./switch-model.js');
      await useModel(number, options, io);
    });

  switching(add('rollback', 'Makes the version current that was so before.')).action(
    async (options: SwitchOptions) => {
      const { rollBack } = await import('./switch-model.js');
      await rollBack(options, io);
    },
  );

  add('remove', 'Removes a version and its files; not the current one.')
    .argument('<version>', 'its number', version)
    .action(async (number: number, options: StoreCommandOptions) => {
      const { removeModel } = await import('./store-commands.js');
      await removeModel(number, options, io);
    });

  add('verify', 'Reads every file of every version anew, compares checksums, and opens the networks.').action(
    async (options: StoreCommandOptions) => {
      const { verifyModels } = await import('./add-model.js');
      await verifyModels(options, io);
    },
  );

  add('compare', 'Reads the same images with two versions and says where they differ.')
    .argument('<first>', 'the number of a version', version)
    .argument('<second>', 'the number of another', version)
    .argument('[files or folders...]', 'images; the 10,000 test images of MNIST if none is named')
    .addOption(option('--json', 'print one JSON document'))
    .addOption(dataDirOption())
    .action(async (first: number, second: number, paths: readonly string[], options: CompareOptions) => {
      const { compareModels } = await import('./compare-models.js');
      await compareModels(first, second, paths, options, io);
    });

  return models;
}
