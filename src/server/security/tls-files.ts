import { createPrivateKey, randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type TlsOptions } from 'node:tls';
import { codeOf, InkdigitError, messageOf } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';

/** Where certificate and key are. */
export interface TlsFiles {
  /** PEM: the certificate, then those that vouch for it. */
  readonly certFile: string;
  /** PEM, without a passphrase. */
  readonly keyFile: string;
}

interface Pem {
  readonly cert: string;
  readonly key: string;
}

/** What a worker needs to speak TLS. */
export interface TlsSecrets extends Pem {
  /** Base64 of 48 bytes, the same for all workers: a client resumes its session with whichever it meets. */
  readonly ticketKeys: string;
}

/** A handshake takes a few round trips. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

const TICKET_KEY_BYTES = 48;

/** Node's options of a server. Browsers and libraries have had TLS 1.2 since 2014. */
export function tlsOptions({ cert, key, ticketKeys }: TlsSecrets): TlsOptions {
  return { cert, key, ticketKeys: Buffer.from(ticketKeys, 'base64'), minVersion: 'TLSv1.2' };
}

/**
 * Reads certificate and key, and tries them.
 * @throws InkdigitError `missing_file` or `invalid_option`: which file it is, and what is wrong with it
 */
export function readTlsSecrets(files: TlsFiles): TlsSecrets {
  return checkPem(files, readPem(files));
}

/** The text of both files. @throws InkdigitError `missing_file` or `invalid_option` */
export function readPem({ certFile, keyFile }: TlsFiles): Pem {
  return { cert: readText('certificate', certFile), key: readText('private key', keyFile) };
}

/** Whether a server can use them together. @throws InkdigitError `invalid_option` */
export function checkPem({ certFile, keyFile }: TlsFiles, { cert, key }: Pem): TlsSecrets {
  const certificate = parse('certificate', certFile, () => new X509Certificate(cert));
  const privateKey = parse('private key', keyFile, () => readKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new InkdigitError('invalid_option', `The private key ${keyFile} is not that of ${certFile}.`);
  }
  const secrets = { cert, key, ticketKeys: randomBytes(TICKET_KEY_BYTES).toString('base64') };
  parse('certificate', certFile, () => createSecureContext(tlsOptions(secrets)));
  return secrets;
}

/** For log lines. @returns ISO 8601 */
export function validUntil({ cert }: TlsSecrets): string {
  return new Date(new X509Certificate(cert).validTo).toISOString();
}

function readKey(key: string): KeyObject {
  if (!/^Proc-Type: 4,ENCRYPTED|^-----BEGIN ENCRYPTED/m.test(key)) return createPrivateKey(key);
  throw new Error('it has a passphrase; openssl pkey -in KEY -out KEY-WITHOUT removes it');
}

function readText(what: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = codeOf(cause) === 'ENOENT' ? 'missing_file' : 'invalid_option';
    throw new InkdigitError(code, `Cannot read the ${what} ${file}: ${faultAndAdvice(cause)}`, { cause });
  }
}

function parse<T>(what: string, file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const message = `The ${what} ${file} cannot be used, expected PEM: ${messageOf(cause)}.`;
    throw new InkdigitError('invalid_option', message, { cause });
  }
}
