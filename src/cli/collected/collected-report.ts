import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LABELS, listCollected, type CollectedImage } from '../../collected/collection.js';
import { InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { isFolder } from '../../files/list-images.js';
import { visibleLine } from '../../visible-text.js';
import type { CommandIo } from '../terminal/command-io.js';

interface ReportOptions {
  readonly json?: boolean;
}

/**
 * `inkdigit collected list`
 * @throws InkdigitError `missing_file`
 */
export async function listCollection(folder: string, { json }: ReportOptions, io: CommandIo): Promise<void> {
  const images = await collectionIn(folder);
  const labels = LABELS.map((label) => {
    const own = images.filter((image) => image.label === label);
    return { label, images: own.length, bytes: bytesOf(own) };
  });
  if (json) {
    const all = { images: images.length, bytes: bytesOf(images), labels };
    io.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return;
  }
  for (const each of labels) {
    if (each.images > 0) io.stdout.write(`${each.label.padEnd(6)}${String(each.images).padStart(6)}\n`);
  }
  io.stdout.write(`${images.length} corrections, ${bytesOf(images)} bytes\n`);
}

/**
 * `inkdigit collected show`
 * @throws InkdigitError `missing_file`
 */
export async function showCollection(folder: string, { json }: ReportOptions, io: CommandIo): Promise<void> {
  const images = await collectionIn(folder);
  const newestFirst = images.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  if (json) {
    io.stdout.write(`${JSON.stringify(newestFirst, null, 2)}\n`);
    return;
  }
  for (const { label, name, bytes, at } of newestFirst) {
    io.stdout.write(
      `${label.padEnd(5)} ${at.toISOString()} ${String(bytes).padStart(8)}  ${visibleLine(name)}\n`,
    );
  }
}

/**
 * `inkdigit collected export`
 * @throws InkdigitError `missing_file`; `file_exists` where the new folder has something in it; `write_failed`
 */
export async function exportCollection(
  folder: string,
  out: string,
  { digitsOnly = false }: { readonly digitsOnly?: boolean },
  io: CommandIo,
): Promise<void> {
  const images = (await collectionIn(folder)).filter(({ label }) => !digitsOnly || label !== 'none');
  const there = await readdir(out).catch(() => []);
  if (there.length > 0) {
    throw new InkdigitError(
      'file_exists',
      `${out} has something in it; expected a new folder. Name another one.`,
    );
  }
  try {
    for (const label of new Set(images.map((image) => image.label)))
      await mkdir(join(out, label), { recursive: true });
    for (const { label, name } of images) await copyFile(join(folder, label, name), join(out, label, name));
  } catch (cause) {
    throw new InkdigitError('write_failed', `Cannot copy into ${out}: ${faultAndAdvice(cause, 'folder')}`, {
      cause,
    });
  }
  io.stdout.write(`${images.length} corrections in ${visibleLine(out)}\n`);
  if (images.length > 0)
    io.stdout.write(`Learn from them: inkdigit train --images ${visibleLine(out)} --with-mnist\n`);
}

async function collectionIn(folder: string): Promise<readonly CollectedImage[]> {
  if (await isFolder(folder).catch(() => false)) return listCollected(folder);
  throw new InkdigitError(
    'missing_file',
    `${folder} is no folder; expected one of inkdigit serve --collect.`,
  );
}

function bytesOf(images: readonly CollectedImage[]): number {
  return images.reduce((sum, { bytes }) => sum + bytes, 0);
}
