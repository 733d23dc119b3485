import { readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TEST_GROUPS, testFiles } from '../../../scripts/testing/test-groups.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const files = new Map(TEST_GROUPS.map((group) => [group, testFiles(root, group)]));

describe('the groups of tests', () => {
  it('have every test once', () => {
    const all = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `test/${name.split(sep).join('/')}`);
    expect([...files.values()].flat().toSorted()).toEqual(all.toSorted());
  });

  it('follow imports: logic is a unit, what starts a process, listens, runs a model or reads MNIST is not', () => {
    const named = (group: string, name: RegExp): string[] =>
      (files.get(group) ?? []).filter((file) => name.test(file));
    const logic = /\/(optimizer|metrics|respawn-policy|retry|drawing)\.test/;
    expect(named('unit', logic)).toHaveLength(5);
    expect(named('integration', logic)).toEqual([]);
    const more = /\/(classifier|readme|connections|trainer|load-glyphs)\.test/;
    expect(named('integration', more)).toHaveLength(5);
    expect(named('unit', more)).toEqual([]);
    expect(files.get('e2e')).toEqual([
      'test/e2e/docs-page.test.ts',
      'test/e2e/number-page.test.ts',
      'test/e2e/page-budget.test.ts',
      'test/e2e/page-use.test.ts',
      'test/e2e/page.test.ts',
      'test/e2e/static-site.test.ts',
    ]);
    expect(files.get('fuzz')).toEqual(['test/fuzz/fuzz.test.ts', 'test/fuzz/schemathesis.test.ts']);
  });

  it('are commands that CONTRIBUTING names', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
    for (const group of TEST_GROUPS) {
      expect(scripts[`test:${group}`]).toBe(`node scripts/test-group.mjs ${group}`);
      expect(contributing).toContain(`npm run test:${group}`);
    }
  });
});

describe('the coverage provider', () => {
  it('is that of the Vitest that runs the tests', () => {
    const read = (name: string): string => readFileSync(join(root, name), 'utf8');
    const provider = JSON.parse(read('scripts/coverage-provider/package.json')).devDependencies[
      '@vitest/coverage-v8'
    ];
    expect(provider).toBe(JSON.parse(read('package-lock.json')).packages['node_modules/vitest'].version);
  });
});
