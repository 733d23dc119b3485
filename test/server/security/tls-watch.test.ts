import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readTlsSecrets, type TlsFiles, type TlsSecrets } from '../../../src/server/security/tls-files.js';
import { TlsWatch } from '../../../src/server/security/tls-watch.js';
import { makeCertificate, writeCertificate } from '../../helpers/surroundings/certificates.js';

const [first, second] = [makeCertificate(1), makeCertificate(2)];

let folder: string;
let files: TlsFiles;
let changes: TlsSecrets[];
let watch: TlsWatch;
const log = { info: vi.fn(), error: vi.fn() };

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-tls-watch-'));
  files = writeCertificate(folder, first);
  changes = [];
  const onChange = (secrets: TlsSecrets): void => void changes.push(secrets);
  watch = new TlsWatch(files, readTlsSecrets(files), { log, onChange, lookEveryMs: 10 });
});
afterEach(() => {
  watch.stop();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const look = (): void => void vi.advanceTimersByTime(10);

describe('TlsWatch', () => {
  it('says nothing of files that stay', () => {
    look();
    writeCertificate(folder, first);
    look();
    expect(changes).toEqual([]);
    expect(log.error).not.toHaveBeenCalled();
  });

  it('sees a new pair, once', () => {
    writeCertificate(folder, second);
    look();
    look();
    expect(changes).toMatchObject([second]);
    expect(log.info).toHaveBeenCalledExactlyOnceWith(
      { certFile: files.certFile, validUntil: '2120-01-01T00:00:00.000Z' },
      'certificate replaced',
    );
  });

  it('waits for the key of a new certificate, and says once what is missing', () => {
    writeFileSync(files.certFile, second.cert);
    look();
    look();
    expect(changes).toEqual([]);
    expect(log.error).toHaveBeenCalledOnce();
    writeFileSync(files.keyFile, second.key);
    look();
    expect(changes).toMatchObject([second]);
  });

  it('keeps the pair while a file is gone or half written', () => {
    rmSync(files.certFile);
    look();
    writeFileSync(files.certFile, second.cert.slice(0, 100));
    look();
    expect(changes).toEqual([]);
    expect(log.error).toHaveBeenCalledTimes(2);
    writeCertificate(folder, first);
    look();
    expect(changes).toEqual([]);
  });

  it('sees a link that leads elsewhere, as Kubernetes replaces secrets', () => {
    const other = mkdtempSync(join(tmpdir(), 'inkdigit-tls-other-'));
    writeCertificate(other, second);
    for (const name of ['cert.pem', 'key.pem']) {
      symlinkSync(join(other, name), join(folder, 'next'));
      renameSync(join(folder, 'next'), join(folder, name));
    }
    look();
    expect(changes).toMatchObject([second]);
    rmSync(other, { recursive: true });
  });
});
