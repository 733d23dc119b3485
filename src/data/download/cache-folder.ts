import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where downloads are kept for the next run: `$XDG_CACHE_HOME/inkdigit` where that is set
 * (https://specifications.freedesktop.org/basedir-spec: relative paths there are ignored), else the
 * platform's own place for caches.
 */
export function cacheFolder(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: localAppData } = env;
  const path = platform === 'win32' ? win32 : posix;
  if (xdg && path.isAbsolute(xdg)) return path.join(xdg, 'inkdigit');
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'inkdigit');
  if (platform === 'win32')
    return path.join(localAppData || path.join(home, 'AppData', 'Local'), 'inkdigit', 'Cache');
  return path.join(home, '.cache', 'inkdigit');
}
