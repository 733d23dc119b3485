import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const BUILT = new URL('../../../../dist/server/processes/node-internals/heap-growth.js', import.meta.url)
  .href;

/**
 * Keeps some 18 MB, and replaces 80,000 small things in turn, which live long enough to get old; tells how many times
 * what was in use at first came to be in use.
 */
const AGEING = `
  const kept = Array.from({ length: 150_000 }, (_, i) => ({ i, list: [i] }));
  const used = () => process.memoryUsage().heapUsed;
  gc();
  const atFirst = used();
  const ring = [];
  let most = 0;
  let turn = 0;
  const work = () => {
    for (let i = 0; i < 10_000; i++) ring[(turn % 8) * 10_000 + i] = { i, list: [i] };
    most = Math.max(most, used());
    if (++turn < 400) setImmediate(work);
    else console.log(kept.length && most / atFirst);
  };
  work();
`;

/** Runs a script in a process of its own, with the function at hand. */
function run(script: string): { status: number | null; stdout: string; stderr: string } {
  const args = ['--max-semi-space-size=8', '--expose-gc', '--input-type=module', '-e'];
  const source = `import { boundHeapGrowth } from ${JSON.stringify(BUILT)};${script}`;
  return spawnSync(process.execPath, [...args, source], { encoding: 'utf8' });
}

describe('boundHeapGrowth', () => {
  it('has V8 collect what got old long before it would by itself, at six times and more', () => {
    const { stdout, stderr } = run(`boundHeapGrowth();${AGEING}`);
    expect(stderr).toBe('');
    expect(Number(stdout)).toBeGreaterThan(1);
    expect(Number(stdout)).toBeLessThan(5);
  });

  it('lets the process go on where V8 does not know the flag', () => {
    const { status, stdout, stderr } = run(`boundHeapGrowth('--no-such-flag'); console.log('goes on');`);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'goes on\n' });
    expect(stderr).toContain('--no-such-flag');
  });
});
