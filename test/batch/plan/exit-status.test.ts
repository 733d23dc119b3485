import { expect, it } from 'vitest';
import { exitStatusOf } from '../../../src/batch/plan/exit-status.js';

it('tells what may pass from what is wrong each time', () => {
  const passing = ['write_failed', 'download_failed', 'unreachable', 'timeout', 'overloaded', 'internal'];
  const lasting = [
    'invalid_option',
    'missing_file',
    'invalid_data',
    'file_exists',
    'invalid_model',
    'unauthorized',
  ];
  expect(passing.map(exitStatusOf)).toEqual(passing.map(() => 1));
  expect(lasting.map(exitStatusOf)).toEqual(lasting.map(() => 2));
});
