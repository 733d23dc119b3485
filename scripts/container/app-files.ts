/** A package in package-lock.json, as far as it tells what belongs to an installation. */
export interface LockEntry {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** `packages` of a lock file: folders of packages, the project's own being `''`. */
export type LockPackages = Readonly<Record<string, LockEntry>>;

/**
 * The folders of all that the package needs when it runs, in the order of their names, without what is inside them:
 * its dependencies and theirs, and the packages for traces, which are optional elsewhere; in an image no one can add
 * them.
 * @param isInstalled whether a folder is there: optional packages for other platforms are not
 */
export function neededFolders(lock: LockPackages, isInstalled: (folder: string) => boolean): string[] {
  const found = new Set<string>();
  const follow = (folder: string): void => {
    for (const name of neededNames(lock, folder)) {
      const next = resolveFrom(folder, name, lock);
      if (next === null || found.has(next) || !isInstalled(next)) continue;
      found.add(next);
      follow(next);
    }
  };
  follow('');
  return [...found].toSorted();
}

function neededNames(lock: LockPackages, folder: string): string[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = lock[folder] ?? {};
  const peers = Object.keys(peerDependencies ?? {}).filter(
    (name) => folder === '' || peerDependenciesMeta?.[name]?.optional !== true,
  );
  return [...Object.keys(dependencies ?? {}), ...Object.keys(optionalDependencies ?? {}), ...peers];
}

/** As Node.js does: the nearest `node_modules` that has it. */
function resolveFrom(folder: string, name: string, lock: LockPackages): string | null {
  for (let from = folder; ; from = from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1))) {
    const candidate = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
    if (candidate in lock) return candidate;
    if (from === '') return null;
  }
}

/** A bill of materials in CycloneDX's JSON, as far as it is changed here. */
export interface Sbom {
  readonly serialNumber?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly components: readonly SbomComponent[];
  readonly dependencies?: readonly { readonly ref: string }[];
}

export interface SbomComponent {
  readonly 'bom-ref': string;
  readonly [member: string]: unknown;
}

/**
 * The bill of materials of an image: with Node.js, and without what differs from one run to the next (the time, a
 * random number), so that the same sources give the same image.
 * @param nodeVersion as `22.20.0`
 * @param digestOf hexadecimal SHA-256 of a text
 */
export function imageSbom(sbom: Sbom, nodeVersion: string, digestOf: (text: string) => string): Sbom {
  const { timestamp: _, ...rest } = sbom.metadata;
  const { component } = rest;
  // npm calls it by the folder that it lies in.
  const own = typeof component === 'object' ? { component: { ...component, name: 'inkdigit' } } : {};
  const metadata = { ...rest, ...own };
  const node: SbomComponent = {
    'bom-ref': `node@${nodeVersion}`,
    type: 'platform',
    name: 'node',
    version: nodeVersion,
    purl: `pkg:generic/node@${nodeVersion}`,
  };
  const components = [...sbom.components, node].toSorted((a, b) => compare(a['bom-ref'], b['bom-ref']));
  const dependencies = (sbom.dependencies ?? []).toSorted((a, b) => compare(a.ref, b.ref));
  const hex = digestOf(JSON.stringify(components));
  // The form of a UUID that is made of a name (RFC 9562, version 8).
  const uuid = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return { ...sbom, serialNumber: `urn:uuid:${uuid.join('-')}`, metadata, components, dependencies };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
