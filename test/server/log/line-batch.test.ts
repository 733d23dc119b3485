import { expect, it } from 'vitest';
import { LineBatch } from '../../../src/server/log/line-batch.js';

function batchOf(written: string[]): LineBatch {
  return new LineBatch({ write: (lines) => void written.push(lines) });
}

it('hands on lines of one go together, before anything else happens', async () => {
  const written: string[] = [];
  const batch = batchOf(written);
  process.nextTick(() => batch.write('one\n'));
  process.nextTick(() => batch.write('two\n'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(written).toEqual(['one\ntwo\n']);
  batch.write('three\n');
  await Promise.resolve();
  expect(written).toEqual(['one\ntwo\n', 'three\n']);
});

it('hands on what waits when it is told to, once', async () => {
  const written: string[] = [];
  const batch = batchOf(written);
  batch.write('one\n');
  batch.flush();
  expect(written).toEqual(['one\n']);
  await Promise.resolve();
  expect(written).toEqual(['one\n']);
});
