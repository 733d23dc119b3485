import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterEach, describe, expect, it } from 'vitest';
import { endServices, startService } from '../../helpers/programs/service.js';
import { pngOfDigit } from '../../helpers/programs/test-app.js';

const file = fileURLToPath(new URL('../../../proto/inference.proto', import.meta.url));
const service = loadSync(file, { keepCase: true, longs: Number })[
  'inference.GRPCInferenceService'
] as grpc.ServiceDefinition;
const { path, requestSerialize, responseDeserialize } = service['ModelInfer']!;

afterEach(endServices);

/** Asks on a connection of its own. */
async function infer(port: number, image: Buffer): Promise<unknown> {
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  });
  const inputs = [{ name: 'image', datatype: 'BYTES', shape: [1], contents: { bytes_contents: [image] } }];
  const request = { model_name: 'digits', inputs };
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, message) => {
      client.close();
      if (error) reject(error);
      else resolve(message);
    });
  });
}

describe('inkdigit serve --grpc-port', () => {
  it('shares the port among its workers, and stops when told', async () => {
    const { child, logged, logs, ended } = await startService([
      '--port',
      '0',
      '--grpc-port',
      '0',
      '--workers',
      '2',
    ]).ready;
    const { grpcPort } = await logged((line) => line['msg'] === 'ready');
    const image = await pngOfDigit(1);
    const answers = await Promise.all(Array.from({ length: 6 }, () => infer(Number(grpcPort), image)));
    for (const answer of answers) expect(answer).toMatchObject({ model_name: 'digits', outputs: [{}, {}] });
    const workers = logs().flatMap((line) => (line['method'] === 'gRPC' ? [line['pid']] : []));
    expect(new Set(workers).size).toBe(2);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  it('says that another program uses the port', async () => {
    const { child, logged, ended } = await startService(['--port', '0', '--grpc-port', '0', '--workers', '1'])
      .ready;
    const { grpcPort } = await logged((line) => line['msg'] === 'ready');
    const second = startService(['--port', '0', '--grpc-port', String(grpcPort), '--workers', '1']);
    second.ready.catch(() => {});
    const { code, stderr } = await second.ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('--grpc-port')]);
    child.kill('SIGTERM');
    await ended;
  });
});
