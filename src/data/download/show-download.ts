import type { Progress, ProgressBar } from '../../progress.js';
import type { DownloadProgress } from './download-file.js';

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
