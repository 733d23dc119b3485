import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, Server as TlsServer } from 'node:tls';
import type { FastifyBaseLogger } from 'fastify';
import { isTlsFault } from '../http/connection-event.js';
import { HANDSHAKE_TIMEOUT_MS, tlsOptions, type TlsSecrets } from '../security/tls-files.js';

export interface ListenerDeps {
  readonly host: string;
  readonly port: number;
  /** Connections that the process may have at once, those included that are not past their handshake. */
  readonly maxConnections: number;
  /** TLS instead of plain text. */
  readonly tls?: TlsSecrets | undefined;
  readonly log: FastifyBaseLogger;
}

/** By which a client and a server agree on HTTP/2 (RFC 7301); there is no other protocol here. */
const PROTOCOLS = ['h2'];

/**
 * Listens for connections of gRPC. In a worker of `node:cluster` the port is shared.
 * @param take is given each connection, of TLS after its handshake
 * @throws what the system says where one cannot listen there
 */
export async function listenForGrpc(deps: ListenerDeps, take: (socket: Socket) => void): Promise<Server> {
  const { host, port, tls, maxConnections } = deps;
  const server = tls ? tlsServer(tls, deps) : createServer();
  let connections = 0;
  // Those beyond what a process may have are closed at once: there is no answer without HTTP/2.
  server.on('connection', (socket) => {
    connections += 1;
    socket.once('close', () => (connections -= 1));
    if (connections > maxConnections) socket.destroy();
  });
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    if (!socket.destroyed) take(socket);
  });
  server.listen({ host, port });
  await once(server, 'listening');
  return server;
}

/** New connections are to have another certificate; those that are open keep theirs. */
export function useTlsFor(server: Server, tls: TlsSecrets): void {
  if (server instanceof TlsServer) server.setSecureContext(tlsOptions(tls));
}

function tlsServer(tls: TlsSecrets, { log }: ListenerDeps): TlsServer {
  const server = createTlsServer({
    ...tlsOptions(tls),
    ALPNProtocols: PROTOCOLS,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  });
  return server.on('tlsClientError', ({ code }: NodeJS.ErrnoException, socket) => {
    if (isTlsFault(code)) log.info({ code }, 'bad TLS');
    // One whose time for the handshake is over is still open.
    socket.destroy();
  });
}
