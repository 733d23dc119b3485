import { describe, expect, it } from 'vitest';
import { cacheFolder } from '../../../src/data/download/cache-folder.js';

describe('cacheFolder', () => {
  it.each([
    ['linux', {}, '/home/ada', '/home/ada/.cache/inkdigit'],
    ['linux', { XDG_CACHE_HOME: '/var/cache/ada' }, '/home/ada', '/var/cache/ada/inkdigit'],
    ['linux', { XDG_CACHE_HOME: 'relative' }, '/home/ada', '/home/ada/.cache/inkdigit'],
    ['linux', { XDG_CACHE_HOME: '' }, '/home/ada', '/home/ada/.cache/inkdigit'],
    ['darwin', {}, '/Users/ada', '/Users/ada/Library/Caches/inkdigit'],
    ['win32', { LOCALAPPDATA: 'D:\\Local' }, 'C:\\Users\\ada', 'D:\\Local\\inkdigit\\Cache'],
    ['win32', {}, 'C:\\Users\\ada', 'C:\\Users\\ada\\AppData\\Local\\inkdigit\\Cache'],
  ] as const)('%s with %j', (platform, env, home, expected) => {
    expect(cacheFolder(env, platform, home)).toBe(expected);
  });
});
