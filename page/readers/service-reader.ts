import type { MnistClient } from '../../src/client/exports.js';
import type { PageReader } from './page-reader.js';

/** Has the service read pictures. @param client what asks it, with the key that there is now */
export function serviceReader(client: () => MnistClient): PageReader {
  return {
    readBy: 'service',
    async classify(picture, signal) {
      return oneOf(await client().classify([await picture.file()], { detail: 'full', signal }));
    },
    async readNumber(picture, known, signal) {
      return oneOf(await client().read([await picture.file()], { ...known, detail: 'full', signal }));
    },
  };
}

function oneOf<T>([answer]: readonly T[]): T {
  if (answer === undefined) throw new Error('no answer came');
  return answer;
}
