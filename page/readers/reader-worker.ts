/** The program of the worker that reads pictures: `reader.js`. */
import { deviceNetworks } from '../../src/browser/device-networks.js';
import { QuestionQueue } from './answer-questions.js';
import type { ReaderAnswer, ReaderQuestion } from './messages.js';

/** What of a worker's scope is used: the types of pages do not have it. */
interface WorkerScope {
  postMessage(message: ReaderAnswer): void;
  addEventListener(type: 'message', listener: (event: { readonly data: ReaderQuestion }) => void): void;
}
declare const self: WorkerScope;

const networks = deviceNetworks({
  models: new URL('models/', import.meta.url),
  fetch: (address, init) => fetch(address, init),
});
const questions = new QuestionQueue(networks, (answer) => self.postMessage(answer));
self.addEventListener('message', ({ data }) => questions.take(data));
