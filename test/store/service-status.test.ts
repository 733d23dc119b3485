import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStatuses, StatusFile, type ServiceStatus } from '../../src/store/service-status.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-status-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function status(changes: Partial<ServiceStatus> = {}): ServiceStatus {
  return {
    host: hostname(),
    pid: process.pid,
    port: 8000,
    state: 'serving',
    serving: 1,
    previous: null,
    shadow: null,
    choice: 'x',
    refused: null,
    since: '2026-01-01T00:00:00Z',
    ...changes,
  };
}

describe('the status of a service', () => {
  it('is what was said last, and is gone when the service ends', async () => {
    const file = new StatusFile(folder);
    await Promise.all([1, 2, 3].map((serving) => file.write(status({ serving }))));
    expect(await readStatuses(folder)).toEqual([status({ serving: 3 })]);
    await file.remove();
    expect(await readStatuses(folder)).toEqual([]);
    expect(readdirSync(join(folder, 'services'))).toEqual([]);
  });

  it('counts while it is refreshed, and while its process runs where that can be seen', async () => {
    const elsewhere = status({ host: 'elsewhere', pid: 1 });
    await new StatusFile(folder, 1, 'elsewhere').write(elsewhere);
    await new StatusFile(folder, 2 ** 22 + 1).write(status({ pid: 2 ** 22 + 1 }));
    writeFileSync(join(folder, 'services', 'broken.json'), '{');
    expect(await readStatuses(folder)).toEqual([elsewhere]);
    expect(await readStatuses(folder, Date.now() + 60_000)).toEqual([]);
  });

  it('cannot be written where the store is read-only, and says so', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    await expect(new StatusFile(file).write(status())).rejects.toThrow();
  });
});
