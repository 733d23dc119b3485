import { join } from 'node:path';
import { downloadFile, type DownloadSettings } from '../download/download-file.js';
import type { Dataset, DatasetFile } from './dataset.js';
import { maxPackedBytes, missingFile, readDatasetFile, verifyDatasetFile } from './read-dataset.js';

/** A file that lies in the folder now. */
interface EnsuredFile {
  readonly name: string;
  /** Whether it had to be downloaded. */
  readonly downloaded: boolean;
}

/**
 * Makes sure that a folder holds every file of a data set, verified: what is missing is downloaded. Nothing is, where
 * one of them is missing and no address gives it.
 * @param onFile is called with each file once it is there
 * @throws InkdigitError `missing_file` that names the page of the data set and the folder to put the file into,
 * `invalid_data` when another file lies there, `download_failed`, `write_failed`
 */
export async function ensureDataset(
  dataset: Dataset<unknown>,
  folder: string,
  settings: DownloadSettings & { readonly onFile?: (file: EnsuredFile) => void } = {},
): Promise<void> {
  const missing: DatasetFile[] = [];
  for (const file of dataset.files) {
    const present = await readDatasetFile(folder, file);
    if (present) {
      settings.onFile?.({ name: file.name, downloaded: false });
      continue;
    }
    if (file.urls.length === 0) throw missingFile(dataset, file, folder);
    missing.push(file);
  }
  for (const file of missing) {
    await downloadFile(
      {
        // Under its own name, packed or not: what it is, the content says.
        target: join(folder, file.name),
        maxBytes: maxPackedBytes(file),
        urls: file.urls,
        verify: async (bytes, source) => verifyDatasetFile(file, bytes, source).content,
      },
      settings,
    );
    settings.onFile?.({ name: file.name, downloaded: true });
  }
}
