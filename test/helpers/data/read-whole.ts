import { readImageSyncIfSmall, type ReadFrame } from '../../../src/image/read-image.js';

/** The whole picture of a file, made to fit a frame: nothing is looked for in it. */
export const readWhole: ReadFrame = async (bytes) => {
  const content = await readImageSyncIfSmall(bytes, { normalize: 'never' });
  if (content.kind !== 'frame') throw new Error('unreachable: a whole picture is made a frame');
  return content.frame;
};
