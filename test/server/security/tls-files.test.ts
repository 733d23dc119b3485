import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readTlsSecrets, validUntil, type TlsFiles } from '../../../src/server/security/tls-files.js';
import { makeCertificate, writeCertificate } from '../../helpers/surroundings/certificates.js';

const folder = mkdtempSync(join(tmpdir(), 'inkdigit-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pair = makeCertificate(1);
let files: TlsFiles;
beforeEach(() => {
  files = writeCertificate(folder, pair);
});

function fault(): unknown {
  try {
    return readTlsSecrets(files);
  } catch (thrown) {
    return thrown;
  }
}

describe('readTlsSecrets', () => {
  it('reads a certificate and its key, with ticket keys that are new each time', () => {
    const secrets = readTlsSecrets(files);
    expect(secrets).toMatchObject(pair);
    expect(Buffer.from(secrets.ticketKeys, 'base64')).toHaveLength(48);
    expect(readTlsSecrets(files).ticketKeys).not.toBe(secrets.ticketKeys);
    expect(validUntil(secrets)).toBe('2120-01-01T00:00:00.000Z');
  });

  it.each([
    ['certificate', 'certFile'],
    ['private key', 'keyFile'],
  ] as const)('names the %s that is not there, or is none', (what, member) => {
    const file = files[member];
    writeFileSync(file, 'letters');
    expect(fault()).toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining(`The ${what} ${file} cannot be used, expected PEM: `),
    });
    rmSync(file);
    expect(fault()).toMatchObject({
      code: 'missing_file',
      message: expect.stringContaining(`Cannot read the ${what} ${file}: there is no such file.`),
    });
  });

  it('refuses a key that is not of the certificate', () => {
    writeFileSync(files.keyFile, makeCertificate(2).key);
    expect(fault()).toMatchObject({
      message: `The private key ${files.keyFile} is not that of ${files.certFile}.`,
    });
  });

  it('refuses a key with a passphrase, and says how to remove it', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' });
    writeFileSync(files.keyFile, pem);
    expect(fault()).toMatchObject({ message: expect.stringContaining('it has a passphrase; openssl pkey') });
  });
});
