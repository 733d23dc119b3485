import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { whyNoImages } from '../../scripts/container/buildah.js';
import { checkImage } from '../../scripts/container/check-image.js';
import { imageSbom, neededFolders } from '../../scripts/container/app-files.js';
import { runsLong } from '../helpers/runner/long.js';
import { at, list, text, yamlFiles } from './yaml-files.js';

const dockerfile = readFileSync(fileURLToPath(new URL('../../Dockerfile', import.meta.url)), 'utf8');

describe('Dockerfile', () => {
  it('names the images it begins with by digest', () => {
    const images = [...dockerfile.matchAll(/^ARG (?:BUILDER|BASE)=(\S+)$/gm)].map(([, image = '']) => image);
    expect(images.length).toBe(2);
    for (const image of images) expect(image).toMatch(/^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
    expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, from]) => from)).toEqual([
      '${BUILDER}',
      '${BASE}',
    ]);
  });

  it('starts everything without a shell', () => {
    const commands = [...dockerfile.matchAll(/^(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK .*CMD) (.*)$/gm)];
    expect(commands.length).toBe(6);
    for (const [, command = ''] of commands) expect(() => JSON.parse(command) as unknown).not.toThrow();
  });
});

describe('neededFolders()', () => {
  const lock = {
    '': { dependencies: { a: '1' }, peerDependencies: { traces: '1' } },
    'node_modules/a': {
      dependencies: { b: '2' },
      optionalDependencies: { 'a-linux': '1', 'a-windows': '1' },
      peerDependencies: { types: '1' },
      peerDependenciesMeta: { types: { optional: true } },
    },
    'node_modules/a/node_modules/b': { dependencies: { c: '1' } },
    'node_modules/a-linux': {},
    'node_modules/a-windows': {},
    'node_modules/b': {},
    'node_modules/c': { dependencies: { a: '1' } },
    'node_modules/dev': {},
    'node_modules/traces': {},
    'node_modules/types': {},
  };

  it('follows dependencies as Node.js resolves them, and takes the packages for traces', () => {
    expect(neededFolders(lock, (folder) => !folder.includes('windows'))).toEqual([
      'node_modules/a',
      'node_modules/a-linux',
      'node_modules/a/node_modules/b',
      'node_modules/c',
      'node_modules/traces',
    ]);
  });
});

describe('imageSbom()', () => {
  const of = (serialNumber: string, timestamp: string): ReturnType<typeof imageSbom> => {
    const components = [{ 'bom-ref': 'z@1' }, { 'bom-ref': 'a@1' }];
    return imageSbom({ serialNumber, metadata: { timestamp, tool: 'npm' }, components }, '22.1.0', () =>
      'ab'.repeat(32),
    );
  };

  it('has Node.js in it, and nothing that differs between two runs', () => {
    const first = of('urn:uuid:1', '2026-01-01');
    expect(first).toEqual(of('urn:uuid:2', '2026-01-02'));
    expect(first.components.map((one) => one['bom-ref'])).toEqual(['a@1', 'node@22.1.0', 'z@1']);
    expect(first.metadata).toEqual({ tool: 'npm' });
    expect(first.serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

describe('deploy/compose.yaml', () => {
  const compose = yamlFiles('.').find(({ path }) => path === 'compose.yaml');
  const services = at(compose?.documents[0], 'services');

  it('has the two services that the balancers name', () => {
    const names = Object.keys((services ?? {}) as object);
    expect(names).toEqual(['inkdigit-1', 'inkdigit-2', 'haproxy', 'prometheus', 'grafana']);
    for (const file of ['haproxy.cfg', 'nginx.conf']) {
      const config = readFileSync(fileURLToPath(new URL(`../../deploy/${file}`, import.meta.url)), 'utf8');
      const named = [...config.matchAll(/^ +server (?:inkdigit-\d )?(inkdigit-\d):8000\b/gm)].map(
        ([, name]) => name,
      );
      expect(named).toEqual(['inkdigit-1', 'inkdigit-2']);
    }
    expect(list(services, 'inkdigit-1', 'command')[0]).toBe('serve');
  });

  it('gives Prometheus the ports that there are', () => {
    const config = yamlFiles('prometheus').find(({ path }) => path.endsWith('compose.yml'));
    const targets = list(config?.documents[0], 'scrape_configs').flatMap((job) =>
      list(job, 'static_configs').flatMap((one) => list(one, 'targets')),
    );
    expect(targets).toEqual(['inkdigit-1:9464', 'inkdigit-2:9464', 'haproxy:8405']);
    expect(list(services, 'inkdigit-2', 'command').map(text).join(' ')).toContain('--metrics-port 9464');
  });
});

const why = whyNoImages();
describe.skipIf(why !== null || !runsLong)(`the image${why === null ? '' : ` (${why})`}`, () => {
  it('is built without a daemon, and runs as a runtime would run it, in full', async () => {
    const { findings } = await checkImage(false, () => {});
    expect(Object.entries(findings).filter(([, finding]) => finding !== null)).toEqual([]);
    expect(Object.keys(findings).length).toBeGreaterThan(10);
  });
});
