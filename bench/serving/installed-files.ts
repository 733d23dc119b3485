/** A file of an installation: its path from the project's root, with slashes. */
export interface InstalledFile {
  readonly path: string;
  readonly bytes: number;
}

/** Where an installation runs, in the words of Node.js. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

/** Why a file is never read where the package runs; `null` where it may be. */
export type Baggage = 'other platforms' | 'source maps' | 'types' | 'documents';

/**
 * `node_modules/@scope/name/…` → `@scope/name`, the innermost package; the project itself outside of `node_modules`.
 */
export function packageOf(path: string): string {
  const inside = path.split('node_modules/').at(-1) ?? '';
  if (inside === path) return 'inkdigit';
  const [first = '', second = ''] = inside.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/**
 * What a container for one platform can go without. Binaries of other platforms are told by the folders that
 * `onnxruntime-node` keeps them in, `bin/napi-v6/OS/ARCH/`.
 */
export function baggageOf(path: string, { os, arch }: Platform): Baggage | null {
  const binary = /\/bin\/napi-v\d+\/([^/]+)\/([^/]+)\//.exec(path);
  if (binary && (binary[1] !== os || binary[2] !== arch)) return 'other platforms';
  if (path.endsWith('.map')) return 'source maps';
  if (/\.d\.[cm]?ts$/.test(path)) return 'types';
  if (/(^|\/)(README|CHANGELOG|HISTORY)[^/]*$/i.test(path) || /\.(md|markdown)$/i.test(path))
    return 'documents';
  return null;
}
