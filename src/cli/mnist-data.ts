import type { Option } from 'commander';
import type { DownloadProgress } from '../data/download/download-file.js';
import { option } from './options.js';
import type { Progress, ProgressBar } from './progress-bar.js';

/** The folder of MNIST's files, for every command that reads them. */
export function dataDirOption(): Option {
  return option('--data-dir <folder>', "folder of MNIST's four files (default: the user's cache folder)", {
    env: 'MNIST_DATA_DIR',
  });
}

/** What `onProgress` of a download is to be: it shows how far it has come. */
export function showDownload(bar: ProgressBar): (progress: DownloadProgress) => void {
  return (progress) => bar.update(downloadProgress(progress));
}

function downloadProgress({ file, receivedBytes, totalBytes }: DownloadProgress): Progress {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  return {
    label: file,
    fraction: totalBytes ? receivedBytes / totalBytes : null,
    text: totalBytes ? `${megabytes(receivedBytes)} of ${megabytes(totalBytes)}` : megabytes(receivedBytes),
  };
}
