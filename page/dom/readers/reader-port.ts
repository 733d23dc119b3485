import type { OpenPort } from '../../readers/device-reader.js';
import type { ReaderAnswer } from '../../readers/messages.js';
import { ownScript } from './own-script.js';

/** Starts the worker that reads. */
export const openReaderPort: OpenPort = (onAnswer, onBroken) => {
  const worker = new Worker(ownScript('reader.js'), { name: 'inkdigit-reader' });
  worker.addEventListener('message', ({ data }: MessageEvent<ReaderAnswer>) => onAnswer(data));
  worker.addEventListener('error', (event) => {
    worker.terminate();
    onBroken(event.message || 'its program could not be loaded');
  });
  return { send: (question) => worker.postMessage(question) };
};
