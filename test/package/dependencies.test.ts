import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Record<string, string>;
}

describe('what is installed', () => {
  const { packages }: { packages: Record<string, LockedPackage> } = JSON.parse(read('package-lock.json'));
  const installed = Object.entries(packages).filter(([path]) => path !== '');

  it('is pinned to a version and to its content', () => {
    expect(installed.length).toBeGreaterThan(50);
    const loose = installed.filter(
      ([, { version, integrity }]) => !version || !integrity?.startsWith('sha512-'),
    );
    expect(loose.map(([path]) => path)).toEqual([]);
  });

  it('comes from the registry that the user has configured', () => {
    expect(installed.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
  });

  // What npm ci asks for; npm install on one platform leaves such lines out when it finds packages already installed.
  it('is known for every platform', () => {
    const missing = installed.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !packages[`${path}/node_modules/${name}`] && !packages[`node_modules/${name}`],
      ),
    );
    expect(missing).toEqual([]);
  });

  it('covers every dependency that package.json names', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json'));
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      expect(packages).toHaveProperty([`node_modules/${name}`]);
    }
  });

  it('runs no script when it is installed', () => {
    const { allowScripts } = JSON.parse(read('package.json'));
    const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = scripted.map(([path]) => path.replace(/^.*node_modules\//, ''));
    expect(allowScripts).toEqual(Object.fromEntries(names.map((name) => [name, false])));
  });
});
