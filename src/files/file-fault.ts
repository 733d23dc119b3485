import { codeOf, messageOf } from '../errors.js';

/** What was to be read or written. */
type Kind = 'file' | 'folder';

/** What the system says of a path, in words that end a sentence. */
const REASONS: Readonly<Record<string, (kind: Kind) => string>> = {
  ENOENT: (kind) => `there is no such ${kind}`,
  ENOTDIR: (kind) =>
    kind === 'folder' ? 'it is a file, or lies in one' : 'what should be its folder is a file',
  EEXIST: (kind) => (kind === 'folder' ? 'a file has its name' : 'what should be its folder is a file'),
  EISDIR: () => 'it is a folder, not a file',
  ENOTEMPTY: () => 'it is a folder, not a file',
  EACCES: () => 'permission is denied',
  EPERM: () => 'permission is denied',
  EROFS: () => 'its disk is read-only',
  ENOSPC: () => 'the disk is full',
  EDQUOT: () => 'your share of the disk is used up',
  EFBIG: () => 'the file would be larger than the system allows',
  ELOOP: () => 'its links lead in a circle',
  ENAMETOOLONG: () => 'its name is too long',
  EMFILE: () => 'too many files are open',
  ENFILE: () => 'too many files are open',
  EIO: () => 'the disk reports an error',
};

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'Change its permissions or those of its folders, or name another.',
  EPERM: 'Change its permissions or those of its folders, or name another.',
  EROFS: 'Name one on another disk.',
  ENOSPC: 'Make room there.',
  EDQUOT: 'Delete files there, or ask for a larger share.',
};

/** Why a file or folder could not be read or written: the end of a sentence, without its full stop. */
export function faultOf(thrown: unknown, kind: Kind = 'file'): string {
  return REASONS[codeOf(thrown) ?? '']?.(kind) ?? messageOf(thrown).replace(/\.$/, '');
}

/** The same with its full stop and, where it helps, what to do. */
export function faultAndAdvice(thrown: unknown, kind: Kind = 'file'): string {
  const advice = ADVICE[codeOf(thrown) ?? ''];
  return `${faultOf(thrown, kind)}.${advice === undefined ? '' : ` ${advice}`}`;
}
