import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
import * as grpc from '@grpc/grpc-js';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startGrpcServer, type GrpcServer } from '../../../src/server/grpc/grpc-server.js';
import type { TlsSecrets } from '../../../src/server/security/tls-files.js';
import { makeCertificate } from '../../helpers/surroundings/certificates.js';
import { buildTestApp } from '../../helpers/programs/test-app.js';

const PROTO_FOLDER = new URL('../../../proto/', import.meta.url);

let app: FastifyInstance | undefined;
let server: GrpcServer | undefined;
const clients: grpc.Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server?.drain(0, 100);
  await app?.close();
});

const ticketKeys = randomBytes(48).toString('base64');
const secretsOf = (serial: number): TlsSecrets => ({ ...makeCertificate(serial), ticketKeys });

async function start(
  tls: TlsSecrets | undefined,
  maxConnections = 100,
): Promise<{ port: number; lines: unknown[] }> {
  const lines: unknown[] = [];
  app = await buildTestApp({
    limits: { maxConnections },
    logger: { level: 'info', stream: { write: (line) => void lines.push(JSON.parse(line)) } },
  });
  await app.ready();
  const { protocol, log } = app;
  const where = { host: '127.0.0.1', port: 0, protoFolder: PROTO_FOLDER };
  server = await startGrpcServer({ ...where, protocol, log, tls, keyDigests: [] });
  return { port: server.port, lines };
}

/** Asks for health on a connection of its own. @returns the bytes of the answer */
async function check(port: number, credentials: grpc.ChannelCredentials): Promise<Buffer> {
  const client = new grpc.Client(`127.0.0.1:${port}`, credentials, {
    'grpc.ssl_target_name_override': 'localhost',
    'grpc.use_local_subchannel_pool': 1,
  });
  clients.push(client);
  const same = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve, reject) => {
    const options = { deadline: Date.now() + 5000 };
    client.makeUnaryRequest(
      '/grpc.health.v1.Health/Check',
      same,
      same,
      Buffer.of(),
      options,
      (error, answer) => {
        if (error) reject(error);
        else resolve(answer ?? Buffer.of());
      },
    );
  });
}

const trusting = ({ cert }: TlsSecrets): grpc.ChannelCredentials =>
  grpc.credentials.createSsl(Buffer.from(cert));
const SERVING = Buffer.of(8, 1);

describe('gRPC with TLS', () => {
  it('answers clients that trust its certificate, and uses a new one from when it is told', async () => {
    const [first, second] = [secretsOf(1), secretsOf(2)];
    const { port } = await start(first);
    expect(await check(port, trusting(first))).toEqual(SERVING);
    await expect(check(port, trusting(second))).rejects.toMatchObject({ code: grpc.status.UNAVAILABLE });
    server?.useTls(second);
    expect(await check(port, trusting(second))).toEqual(SERVING);
    await expect(check(port, trusting(first))).rejects.toMatchObject({ code: grpc.status.UNAVAILABLE });
  });

  it('takes no plain text, no old TLS and no HTTP/1.1, and says so in its log', async () => {
    const { port, lines } = await start(secretsOf(1));
    const insecure = grpc.credentials.createInsecure();
    await expect(check(port, insecure)).rejects.toMatchObject({ code: grpc.status.UNAVAILABLE });
    await vi.waitFor(() => expect(lines).toContainEqual(expect.objectContaining({ msg: 'bad TLS' })));
    const options = { host: '127.0.0.1', port, rejectUnauthorized: false };
    const old = connectTls({ ...options, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
    await expect(once(old, 'secureConnect')).rejects.toThrow();
    const http1 = connectTls({ ...options, ALPNProtocols: ['http/1.1'] });
    await expect(once(http1, 'secureConnect')).rejects.toThrow();
  });

  it.each([
    ['with TLS', secretsOf(1)],
    ['without', undefined],
  ])('closes connections that it has no room for, also before their handshake: %s', async (_what, tls) => {
    const { port } = await start(tls, 1);
    const silent = connectPlain(port, '127.0.0.1');
    await once(silent, 'connect');
    const beyond = connectPlain(port, '127.0.0.1').resume();
    await once(beyond, 'close');
    silent.destroy();
    const credentials = tls ? trusting(tls) : grpc.credentials.createInsecure();
    await vi.waitFor(async () => expect(await check(port, credentials)).toEqual(SERVING));
  });
});
