import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { claimAddress, type ClaimedAddress } from '../../../src/server/processes/listen-address.js';

const MODE = 0o600;
const folder = mkdtempSync(join(tmpdir(), 'inkdigit-socket-'));
const umask = process.umask();
afterAll(() => {
  process.umask(umask);
  rmSync(folder, { recursive: true });
});

let path: string;
let count = 0;
beforeEach(() => {
  process.umask(umask);
  path = join(folder, `${count++}.sock`);
});

function claim(at = path, mode = MODE): Promise<ClaimedAddress> {
  return claimAddress({ host: '127.0.0.1', port: 0, socket: { path: at, mode } });
}

describe.skipIf(process.platform === 'win32')('a Unix domain socket', () => {
  it('is free, and made with the rights that were asked for', async () => {
    expect(await claim()).toMatchObject({ socketPath: path });
    expect(existsSync(path)).toBe(false);
    const server = createServer().listen(path);
    await once(server, 'listening');
    expect(statSync(path).mode & 0o777).toBe(MODE);
    server.close();
  });

  it('that a dead process left behind is replaced', async () => {
    const { spawnSync } = await import('node:child_process');
    const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.exit(0))`;
    spawnSync(process.execPath, ['-e', program]);
    expect(statSync(path).isSocket()).toBe(true);
    await claim();
    expect(existsSync(path)).toBe(false);
  });

  it('that another program listens on is left alone', async () => {
    const server = createServer().listen(path);
    await once(server, 'listening');
    await expect(claim()).rejects.toThrow(`Cannot listen on ${path}: another program listens there.`);
    const socket = connect(path);
    await once(socket, 'connect');
    socket.destroy();
    server.close();
  });

  it('in the place of a file is refused, and the file kept', async () => {
    writeFileSync(path, 'letters');
    await expect(claim()).rejects.toThrow('a file that is no socket lies there');
    expect(existsSync(path)).toBe(true);
  });

  it('in no folder is refused', async () => {
    await expect(claim(join(folder, 'none', 'a.sock'))).rejects.toThrow('there is no such folder');
  });

  it.skipIf(process.getuid?.() === 0)('in a folder of others is refused', async () => {
    chmodSync(folder, 0o500);
    await expect(claim()).rejects.toThrow('this user may not make files in that folder');
    chmodSync(folder, 0o700);
  });

  it('is removed where the process ends at once', async () => {
    const { release } = await claim();
    writeFileSync(path, '');
    release();
    expect(existsSync(path)).toBe(false);
  });
});
