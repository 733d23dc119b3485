import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InkdigitError } from '../errors.js';
import { faultAndAdvice } from '../files/file-fault.js';
import { parseModelCard, type ModelCard } from '../model/card/card.js';
import { cardPath, pictureModelPaths } from '../model/model-paths.js';
import { sha256Of } from '../sha256.js';

/** What each network of a version is for: `model` reads frames, the others read pictures. */
export const NETWORK_ROLES = ['model', 'finder', 'reader', 'thumbnail', 'detector', 'verifier'] as const;
export type NetworkRole = (typeof NETWORK_ROLES)[number];

/** The file that lists the others, as `sha256sum -c` reads it. Its own SHA-256 is that of the version. */
export const SUMS_FILE = 'SHA256SUMS';

/** A network's file, whole, and its card. */
export interface StoredNetwork {
  readonly bytes: Uint8Array;
  readonly card: ModelCard;
  /** Of `bytes`. */
  readonly sha256: string;
}

/** All networks of a version. The frame model is always there, a finder and a reader come together. */
export type VersionNetworks = { readonly model: StoredNetwork } & Readonly<
  Partial<Record<Exclude<NetworkRole, 'model'>, StoredNetwork>>
>;

/** The files of a version as they lie in its folder: name -> content. */
export type VersionFiles = ReadonlyMap<string, Uint8Array>;

/** A version that was read whole and is what its SHA-256 says. */
export interface VersionContent {
  /** Of its list of files, which has theirs. */
  readonly sha256: string;
  readonly files: VersionFiles;
  readonly networks: VersionNetworks;
}

function networkFile(role: NetworkRole): string {
  return `${role}.onnx`;
}

function cardFile(role: NetworkRole): string {
  return role === 'model' ? 'card.json' : `${role}.json`;
}

/**
 * Reads a model, its card, and the networks of pictures that lie beside it, as `inkdigit serve --model` takes them.
 * @throws InkdigitError `missing_file`, or `invalid_model` where a file is not the one that its card describes
 */
export async function readVersionBeside(modelPath: string): Promise<VersionContent> {
  const beside = pictureModelPaths(modelPath);
  const isWithPictures = existsSync(beside.finder) || existsSync(beside.reader);
  const paths: (readonly [NetworkRole, string])[] = [['model', modelPath]];
  if (isWithPictures) paths.push(['finder', beside.finder], ['reader', beside.reader]);
  for (const role of isWithPictures ? (['thumbnail', 'detector', 'verifier'] as const) : []) {
    if (existsSync(beside[role])) paths.push([role, beside[role]]);
  }
  const files = new Map<string, Uint8Array>();
  for (const [role, path] of paths) {
    files.set(networkFile(role), await readWhole(path));
    files.set(cardFile(role), await readWhole(cardPath(path)));
  }
  return contentOfFiles(files, modelPath);
}

/** Networks of a version, each read when it is wanted; which ones there are is known before. */
export interface NetworkSource {
  /** Undefined where the version has no such network. */
  sha256Of(role: NetworkRole): string | undefined;
  /** @throws InkdigitError where there is no such network, or it is not what its SHA-256 says */
  read(role: NetworkRole): Promise<StoredNetwork>;
}

/** The networks of a version that was read whole. */
export function networksIn({ networks }: Pick<VersionContent, 'networks'>): NetworkSource {
  return {
    sha256Of: (role) => networks[role]?.sha256,
    read: async (role) => networks[role] ?? missingNetwork(role, 'The version'),
  };
}

/** The folder of a version, of which as much is read as is wanted. What is read is what was added, or refused. */
export class VersionFolder implements NetworkSource {
  readonly #folder: string;
  /** The SHA-256 of each file. */
  readonly #sums: ReadonlyMap<string, string>;

  /**
   * Reads the list of files.
   * @param sha256 of the version
   * @throws InkdigitError `missing_file`, or `invalid_model` where the list is not as it was when it was added
   */
  static async open(folder: string, sha256: string): Promise<VersionFolder> {
    const sums = await readWhole(join(folder, SUMS_FILE));
    if (sha256Of(sums) !== sha256) throw damaged(join(folder, SUMS_FILE), sha256, sha256Of(sums));
    return new VersionFolder(folder, parseSums(new TextDecoder().decode(sums), folder));
  }

  private constructor(folder: string, sums: ReadonlyMap<string, string>) {
    this.#folder = folder;
    this.#sums = sums;
  }

  sha256Of(role: NetworkRole): string | undefined {
    return this.#sums.get(networkFile(role));
  }

  async read(role: NetworkRole): Promise<StoredNetwork> {
    const files = new Map<string, Uint8Array>();
    for (const name of [networkFile(role), cardFile(role)]) {
      if (this.#sums.has(name)) files.set(name, await this.#readFile(name));
    }
    return networkIn(files, role, this.#folder) ?? missingNetwork(role, this.#folder);
  }

  /** Reads every file. @throws InkdigitError `missing_file` or `invalid_model` */
  async readAll(): Promise<VersionFiles> {
    const files = new Map<string, Uint8Array>();
    for (const name of this.#sums.keys()) files.set(name, await this.#readFile(name));
    return files;
  }

  async #readFile(name: string): Promise<Uint8Array> {
    const path = join(this.#folder, name);
    const bytes = await readWhole(path);
    const [expected = '', got] = [this.#sums.get(name), sha256Of(bytes)];
    if (got !== expected) throw damaged(path, expected, got);
    return bytes;
  }
}

/**
 * Reads the folder of a version into memory and compares what was read with the SHA-256 of the version.
 * @param sha256 of the version
 * @throws InkdigitError `missing_file`, or `invalid_model` where anything is not as it was when it was added
 */
export async function readVersionFolder(folder: string, sha256: string): Promise<VersionContent> {
  const opened = await VersionFolder.open(folder, sha256);
  return contentOfFiles(await opened.readAll(), folder);
}

/** The list of a version's files, sorted by name. */
export function sumsOf(files: VersionFiles): string {
  return [...files]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bytes]) => `${sha256Of(bytes)}  ${name}\n`)
    .join('');
}

/**
 * What files are, each network with its card.
 * @throws InkdigitError `invalid_model`
 */
function contentOfFiles(files: VersionFiles, source: string): VersionContent {
  const networks = new Map<NetworkRole, StoredNetwork>();
  for (const role of NETWORK_ROLES) {
    const network = networkIn(files, role, source);
    if (network) networks.set(role, network);
  }
  const [model, finder, reader, thumbnail, detector, verifier] = NETWORK_ROLES.map((role) =>
    networks.get(role),
  );
  if (!model) return missingNetwork('model', source);
  if (!finder !== !reader) {
    const missing = finder ? 'reader' : 'finder';
    throw new InkdigitError('invalid_model', `${source} has no ${networkFile(missing)}; both or neither.`);
  }
  const sha256 = sha256Of(new TextEncoder().encode(sumsOf(files)));
  return {
    sha256,
    files,
    networks: {
      model,
      ...(finder && { finder }),
      ...(reader && { reader }),
      ...(thumbnail && { thumbnail }),
      ...(detector && { detector }),
      ...(verifier && { verifier }),
    },
  };
}

function networkIn(files: VersionFiles, role: NetworkRole, source: string): StoredNetwork | undefined {
  const bytes = files.get(networkFile(role));
  if (!bytes) return undefined;
  const path = join(source, cardFile(role));
  const cardBytes = files.get(cardFile(role));
  if (!cardBytes) throw new InkdigitError('invalid_model', `${path} is missing.`);
  const card = parseModelCard(new TextDecoder().decode(cardBytes), path);
  const sha256 = sha256Of(bytes);
  if (sha256 === card.file.sha256) return { bytes, card, sha256 };
  throw new InkdigitError(
    'invalid_model',
    `The ${role === 'model' ? 'model' : role} of ${source} is not the one that its card describes: expected SHA-256 ` +
      `${card.file.sha256}, got ${sha256} (${bytes.length} bytes).`,
  );
}

/** @returns the SHA-256 of each file */
function parseSums(text: string, folder: string): Map<string, string> {
  const known = new Set(NETWORK_ROLES.flatMap((role) => [networkFile(role), cardFile(role)]));
  const sums = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): readonly [string, string] => {
      const [, sha256, name] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
      if (sha256 !== undefined && name !== undefined && known.has(name)) return [name, sha256];
      throw new InkdigitError(
        'invalid_model',
        `${join(folder, SUMS_FILE)} has the line ${JSON.stringify(line.slice(0, 100))}; this version of inkdigit ` +
          `knows lines of a SHA-256 and one of ${[...known].join(', ')}.`,
      );
    });
  return new Map(sums);
}

/** @throws InkdigitError `invalid_model` */
function missingNetwork(role: NetworkRole, source: string): never {
  throw new InkdigitError('invalid_model', `${source} has no ${networkFile(role)}.`);
}

function damaged(path: string, expected: string, got: string): InkdigitError {
  return new InkdigitError(
    'invalid_model',
    `${path} is not as it was when it was added: expected SHA-256 ${expected}, got ${got}. Remove the version and ` +
      'add it again.',
  );
}

async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const message = `Cannot read the model's file ${path}: ${faultAndAdvice(cause)}`;
    throw new InkdigitError('missing_file', message, { cause });
  }
}
