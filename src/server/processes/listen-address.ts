import { once } from 'node:events';
import { existsSync, lstatSync, rmSync, type Stats } from 'node:fs';
import { connect, createServer, type ListenOptions } from 'node:net';
import { dirname } from 'node:path';
import { codeOf, InkdigitError, messageOf } from '../../errors.js';
import type { ServiceSettings, SettledPorts } from './process-messages.js';

/** Where the workers are to listen. */
export interface ClaimedAddress {
  /** That of a TCP port; as it was given where there is a socket instead. */
  readonly port: number;
  readonly socketPath: string | undefined;
  /** For a process that ends at once: leaves no socket behind. One that ends in good order has closed it. */
  readonly release: () => void;
}

/**
 * Makes sure that workers can listen, before any of them starts.
 * @throws InkdigitError `invalid_option` that says why not, and what to do
 */
export async function claimAddress(
  settings: Pick<ServiceSettings, 'host' | 'port' | 'socket'>,
): Promise<ClaimedAddress> {
  const { host, port, socket } = settings;
  if (!socket) return { port: await findPort(host, port), socketPath: undefined, release() {} };
  const { path, mode } = socket;
  // The system makes a socket with these rights from its first moment; `chmod` would come later. This process listens,
  // whichever worker answers, and listens anew where its only one was replaced.
  process.umask(0o777 & ~mode);
  await claimSocket(path);
  return { port, socketPath: path, release: () => rmSync(path, { force: true }) };
}

/** Removes what an earlier service left behind, and tries whether one can listen there. */
async function claimSocket(path: string): Promise<void> {
  const found = statsOf(path);
  if (found && !found.isSocket()) {
    throw cannotListen(path, 'a file that is no socket lies there. Choose another with --unix-socket.');
  }
  if (found && (await isAnswered(path))) {
    throw cannotListen(path, 'another program listens there. Choose another with --unix-socket.');
  }
  // libuv says EACCES for that, too.
  if (!existsSync(dirname(path))) {
    throw cannotListen(path, 'there is no such folder. Make it, or choose another with --unix-socket.');
  }
  try {
    if (found) rmSync(path, { force: true });
    await tryToListen({ path });
  } catch (cause) {
    throw cannotListen(path, describeSocketFault(cause), cause);
  }
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // What keeps one from looking keeps one from listening, too, and is told then.
    return undefined;
  }
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    // No process has it open. Any other fault (no right to connect) is one of a socket that is in use.
    return codeOf(error) !== 'ECONNREFUSED';
  } finally {
    socket.destroy();
  }
}

function cannotListen(path: string, why: string, cause?: unknown): InkdigitError {
  return new InkdigitError('invalid_option', `Cannot listen on ${path}: ${why}`, { cause });
}

function describeSocketFault(cause: unknown): string {
  const code = codeOf(cause);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return 'this user may not make files in that folder. Choose another with --unix-socket.';
  }
  return `${messageOf(cause)}.`;
}

/** @returns the address that it had, before it was given up again */
async function tryToListen(
  options: ListenOptions,
): Promise<ReturnType<ReturnType<typeof createServer>['address']>> {
  const server = createServer();
  server.listen(options);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address;
}

/**
 * Settles which one port 0 means: workers that come later must find the same.
 * @param prefix of the option that says which, as `grpc-`
 * @throws InkdigitError `invalid_option` that says why one cannot listen there
 */
export async function findPort(host: string, port: number, prefix = ''): Promise<number> {
  const address = await tryToListen({ host, port }).catch(cannotListenOn(host, port, prefix));
  return typeof address === 'object' && address ? address.port : port;
}

/** That of gRPC, where it is served. @throws InkdigitError like `findPort` */
export async function findGrpcPort({
  host,
  grpcPort,
}: Pick<ServiceSettings, 'host' | 'grpcPort'>): Promise<number | undefined> {
  return grpcPort === undefined ? undefined : findPort(host, grpcPort, 'grpc-');
}

/** Both ports of a service. @throws InkdigitError like `findPort` */
export async function settlePorts(settings: ServiceSettings): Promise<SettledPorts> {
  const { host, port, socket } = settings;
  return { port: socket ? port : await findPort(host, port), grpcPort: await findGrpcPort(settings) };
}

/**
 * For `catch`: throws an InkdigitError `invalid_option` that says why one cannot listen, and what to do.
 * @param prefix of the options that say where, as `metrics-`
 */
export function cannotListenOn(host: string, port: number, prefix = ''): (cause: unknown) => never {
  return (cause) => {
    throw new InkdigitError('invalid_option', describeListenFault(host, port, cause, prefix), { cause });
  };
}

function describeListenFault(host: string, port: number, cause: unknown, prefix: string): string {
  const code = codeOf(cause);
  const where = `Cannot listen on ${host}:${port}`;
  if (code === 'EADDRINUSE')
    return `${where}: another program uses that port. Choose another with --${prefix}port, or 0 for any.`;
  if (code === 'EACCES')
    return `${where}: ports below 1024 need special rights. Choose another with --${prefix}port.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${where}: this machine has no such address. Choose another with --${prefix}host.`;
  }
  return `${where}: ${messageOf(cause)}`;
}
