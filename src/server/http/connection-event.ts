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
