import { messageOf } from '../../errors.js';
import { loadVersion, noNetworks } from '../../server/models/held-models.js';
import { networksIn, type VersionContent } from '../../store/version-files.js';
import type { CommandIo } from '../terminal/command-io.js';
import { visibleLine } from '../../visible-text.js';
import { storeOf, type StoreCommandOptions } from './store-commands.js';

/** `inkdigit models add`: what cannot be opened never gets in. */
export async function addModel(file: string, options: StoreCommandOptions, io: CommandIo): Promise<void> {
  const store = storeOf(options);
  const { version, isNew } = await store.add(file, (content) => open(content, 0));
  const { name, sha256, bytes, networks } = version;
  const size = `${(bytes / 1e6).toFixed(2)} MB`;
  io.stdout.write(
    isNew
      ? `added version ${version.version}: ${visibleLine(name)}, ${networks.join(', ')}, ${size}, SHA-256 ${sha256}\n`
      : `version ${version.version} holds these files already\n`,
  );
}

/** `inkdigit models verify` */
export async function verifyModels(options: StoreCommandOptions, io: CommandIo): Promise<void> {
  const store = storeOf(options);
  const { versions } = await store.list();
  let broken = 0;
  for (const { version } of versions) {
    try {
      const content = await store.read(version);
      await open(content, version);
      io.stdout.write(
        `version ${version}: ${content.files.size} files as they were added, all networks open\n`,
      );
    } catch (thrown) {
      broken += 1;
      io.stderr.write(`version ${version}: ${visibleLine(messageOf(thrown))}\n`);
    }
  }
  const count = versions.length === 1 ? '1 version' : `${versions.length} versions`;
  io.stdout.write(`${count}, ${broken} broken\n`);
  if (broken > 0) io.exitCode = 1;
}

/** @throws InkdigitError `invalid_model` where a network cannot be opened or is of another kind */
async function open(content: VersionContent, version: number): Promise<void> {
  const loaded = await loadVersion({ version, sha256: content.sha256 }, networksIn(content), noNetworks());
  loaded.letGo();
}
