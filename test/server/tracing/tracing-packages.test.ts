import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { INSTALL_TRACING, missingTracingPackages } from '../../../src/server/tracing/tracing-packages.js';

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

describe('the packages that send traces', () => {
  it('are found where they are installed', () => {
    expect(missingTracingPackages()).toEqual([]);
  });

  it('are named where they are missing', () => {
    const resolve = (name: string): void => {
      if (name.endsWith('/core')) throw new Error('not there');
    };
    expect(missingTracingPackages(resolve)).toEqual(['@opentelemetry/core']);
  });

  it('are installed in the versions that are tested', () => {
    const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
    const { devDependencies, peerDependencies, peerDependenciesMeta }: Manifest = JSON.parse(text);
    const named = INSTALL_TRACING.replace('npm install ', '').split(' ');
    expect(named).toHaveLength(5);
    for (const one of named) {
      const [, name = '', version = ''] = /^(.*)@([\d.]+)$/.exec(one) ?? [];
      expect(devDependencies[name]?.startsWith(`${version}.`), name).toBe(true);
      expect(peerDependencies).toHaveProperty([name]);
      expect(peerDependenciesMeta[name]).toEqual({ optional: true });
    }
  });
});
