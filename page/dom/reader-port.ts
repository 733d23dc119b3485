import type { OpenPort } from '../readers/device-reader.js';
import type { ReaderAnswer } from '../readers/messages.js';

/** The program of the worker, beside the page. */
const PROGRAM = 'reader.js';

/** Where the policy has every address of a script made by a policy of the page: https://w3c.github.io/trusted-types */
declare const trustedTypes:
  | {
      createPolicy(
        name: string,
        rules: { createScriptURL(address: string): string },
      ): { createScriptURL(address: string): string };
    }
  | undefined;

/** One address, which nothing from outside has a part in. */
function addressOfProgram(): string {
  const address = new URL(PROGRAM, location.href).href;
  if (typeof trustedTypes === 'undefined') return address;
  return trustedTypes.createPolicy('inkdigit-reader', { createScriptURL: () => address }).createScriptURL('');
}

let address: string | undefined;

/** Starts the worker that reads. */
export const openReaderPort: OpenPort = (onAnswer, onBroken) => {
  address ??= addressOfProgram();
  const worker = new Worker(address, { type: 'module', name: 'inkdigit-reader' });
  worker.addEventListener('message', ({ data }: MessageEvent<ReaderAnswer>) => onAnswer(data));
  worker.addEventListener('error', (event) => {
    worker.terminate();
    onBroken(event.message || 'its program could not be loaded');
  });
  return { send: (question) => worker.postMessage(question) };
};
