import { mkdir, rename, stat, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { codeOf, InkdigitError } from '../errors.js';
import { isFolder, listFolder } from '../files/list-images.js';
import { writeFileAtomically } from '../files/write-file.js';
import { readHeader } from '../image/decode/header.js';
import { sha256Of } from '../sha256.js';

/** What a picture may be said to show: a digit, or none of them. Each is a folder of the collection. */
export const LABELS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'none'] as const;
export type Label = (typeof LABELS)[number];

/** A picture of the collection. */
export interface CollectedImage {
  readonly label: Label;
  /** `<SHA-256>.<format>`: one content has one name. */
  readonly name: string;
  readonly bytes: number;
  /** When it was collected, or got another label. */
  readonly at: Date;
}

/** What became of a picture that was added. */
export type Added = 'new' | 'relabelled' | 'known';

/**
 * Pictures that people have labelled, in a folder that `inkdigit train --images` takes: `7/<SHA-256>.png`. Several
 * processes may add to it at once.
 */
export class Collection {
  readonly folder: string;
  readonly #maxBytes: number;
  /** One picture after the other: of two that are the same, the second is known. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param maxBytes of all pictures together */
  constructor(folder: string, maxBytes: number) {
    this.folder = folder;
    this.#maxBytes = maxBytes;
  }

  /**
   * Adds a picture; one that is there already gets the new label, as the second correction is the one that is meant.
   * @throws InkdigitError `not_an_image`; `collection_full`; `write_failed`
   */
  add(label: Label, bytes: Uint8Array): Promise<Added> {
    const added = this.#last.then(() => this.#add(label, bytes));
    this.#last = added.catch(() => {});
    return added;
  }

  async #add(label: Label, bytes: Uint8Array): Promise<Added> {
    const name = `${sha256Of(bytes)}.${readHeader(bytes).format}`;
    const images = await listCollected(this.folder);
    const known = images.find((image) => image.name === name);
    if (known?.label === label) return 'known';
    const path = join(this.folder, label, name);
    if (!known) this.#requireRoom(images, bytes.length);
    try {
      await mkdir(join(this.folder, label), { recursive: true });
      if (!known) {
        await writeFileAtomically(path, bytes);
        return 'new';
      }
      await rename(join(this.folder, known.label, name), path);
      await utimes(path, new Date(), new Date());
      return 'relabelled';
    } catch (cause) {
      if (cause instanceof InkdigitError) throw cause;
      throw new InkdigitError('write_failed', `Cannot keep a picture in ${this.folder}: ${codeOf(cause)}.`, {
        cause,
      });
    }
  }

  #requireRoom(images: readonly CollectedImage[], more: number): void {
    const held = images.reduce((sum, { bytes }) => sum + bytes, 0);
    if (held + more <= this.#maxBytes) return;
    throw new InkdigitError(
      'collection_full',
      `The collection holds as many bytes as it may (${this.#maxBytes}): export it, and begin another folder.`,
    );
  }
}

/**
 * The pictures of a collection, by label and name; files that are none are passed over.
 * @returns none where there is no such folder
 * @throws InkdigitError `missing_file` where it cannot be read
 */
export async function listCollected(folder: string): Promise<readonly CollectedImage[]> {
  const lists = await Promise.all(LABELS.map((label) => listLabel(folder, label)));
  return lists.flat();
}

async function listLabel(folder: string, label: Label): Promise<readonly CollectedImage[]> {
  const within = join(folder, label);
  if (!(await isFolder(within).catch(() => false))) return [];
  const { images } = await listFolder(within);
  const names = images.map((path) => basename(path)).toSorted();
  const read = names.map(async (name): Promise<CollectedImage | null> => {
    // Another process may have moved it meanwhile.
    const found = await stat(join(within, name)).catch(() => null);
    return found && { label, name, bytes: found.size, at: found.mtime };
  });
  return (await Promise.all(read)).filter((image) => image !== null);
}
