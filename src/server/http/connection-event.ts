import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:tls';

/** The event of a connection that requests come on: of TLS, after the handshake, which has a socket of its own. */
export function connectionEvent(server: Server): 'connection' | 'secureConnection' {
  return isTls(server) ? 'secureConnection' : 'connection';
}

/** Whether the server speaks HTTPS. */
export function isTls(server: object): boolean {
  return server instanceof TlsServer;
}

/** What Node and OpenSSL call faults of a handshake. */
const TLS_FAULT = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;

/** Whether a connection failed as its client spoke no TLS, or none that fits. @param code of an error */
export function isTlsFault(code: string | undefined): boolean {
  return code !== undefined && TLS_FAULT.test(code);
}
