import { describe, expect, it } from 'vitest';
import { InkdigitError } from '../../src/errors.js';
import { faultAndAdvice, faultOf } from '../../src/files/file-fault.js';

/** As Node throws it. */
function thrown(code: string): Error {
  return Object.assign(new Error(`${code}: something happened, open '/x'`), { code });
}

describe('faultOf', () => {
  it.each([
    'ENOENT',
    'ENOTDIR',
    'EEXIST',
    'EISDIR',
    'EACCES',
    'EPERM',
    'EROFS',
    'ENOSPC',
    'EDQUOT',
    'ELOOP',
    'EIO',
  ])('says %s in words, of a file and of a folder', (code) => {
    for (const kind of ['file', 'folder'] as const) {
      expect(faultOf(thrown(code), kind)).toMatch(/^[a-z ,-]+$/);
      expect(faultAndAdvice(thrown(code), kind)).toMatch(/^[a-z ,-]+\.( [A-Z][a-z ,]+\.)?$/);
    }
  });

  it('keeps what it has no words for', () => {
    expect(faultAndAdvice(thrown('EWEIRD'))).toBe("EWEIRD: something happened, open '/x'.");
    expect(faultAndAdvice(new InkdigitError('corrupt_image', 'It is damaged. Repair it.'))).toBe(
      'It is damaged. Repair it.',
    );
  });

  it('says what to do about a full disk and about permissions', () => {
    expect(faultAndAdvice(thrown('ENOSPC'))).toBe('the disk is full. Make room there.');
    expect(faultAndAdvice(thrown('EACCES'))).toBe(
      'permission is denied. Change its permissions or those of its folders, or name another.',
    );
  });
});
