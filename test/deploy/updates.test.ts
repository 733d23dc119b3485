import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { judge, type Phase } from '../../scripts/updates/check-updates.js';
import type { Counts } from '../../scripts/updates/clients.js';
import { whyNoHosts } from '../../scripts/updates/namespaces.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

function phase(name: string, counts: Partial<Counts> = {}, repeats = 0): Phase {
  const all = {
    requests: 100,
    right: 100,
    wrong: 0,
    refused: 0,
    failed: 0,
    lost: 0,
    latenciesMs: [5],
    reasons: [],
  };
  return { name, counts: { ...all, ...counts }, repeats };
}

describe('judge()', () => {
  it('finds requests that are lost, wrong, refused without overload, or late', () => {
    expect(judge([phase('nothing')])).toEqual([]);
    expect(judge([phase('nothing', { requests: 0, right: 0 })])).toContain('nothing: no request');
    expect(judge([phase('nothing', { right: 99, lost: 1 })])).toContain('nothing: 1 lost, 0 wrong, 0 failed');
    expect(judge([phase('nothing', { right: 99, wrong: 1 })]).length).toBeGreaterThan(0);
    expect(judge([phase('nothing', { right: 90, refused: 10 })])).toEqual([
      'nothing: 10 of 100 not answered',
    ]);
    expect(judge([phase('nothing', { latenciesMs: [60_000] })]).join()).toContain('p99');
  });

  it('lets an overload be refused, but not be multiplied', () => {
    const refused = { right: 20, refused: 80 };
    expect(judge([phase('overload', refused)])).toEqual([]);
    expect(judge([phase('overload')])).toEqual(['overload: nothing was refused: that was no overload']);
    expect(judge([phase('overload', refused, 30)])).toEqual(['overload: 30 of 100 requests were sent twice']);
  });
});

describe('deploy/haproxy.cfg and deploy/nginx.conf', () => {
  const read = (name: string): string =>
    readFileSync(fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url)), 'utf8');

  it('repeat a request once at most, and never after a refusal', () => {
    const haproxy = read('haproxy.cfg');
    expect(/^ +retries (\d+)$/m.exec(haproxy)?.[1]).toBe('1');
    expect(/^ +retry-on (.*)$/m.exec(haproxy)?.[1]).toBe('conn-failure empty-response');
    const nginx = read('nginx.conf');
    expect(/proxy_next_upstream_tries (\d+);/.exec(nginx)?.[1]).toBe('2');
    expect(/proxy_next_upstream ([^;]*);/.exec(nginx)?.[1]).toBe('error timeout non_idempotent');
  });
});

const why = whyNoHosts(['haproxy']);
describe.skipIf(why !== null)(`updates behind HAProxy${why === null ? '' : ` (${why})`}`, () => {
  it('lose no request', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['scripts/checks/check-updates.mjs', '--quick'],
      {
        cwd: root,
      },
    );
    expect(stdout).toContain('replacements by SIGKILL');
    expect(stdout).not.toContain('FAILED');
  });
});
