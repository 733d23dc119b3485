import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pictureModelPaths } from '../../../src/model/model-paths.js';
import { endServices, startService } from '../../helpers/programs/service.js';
import { makeCertificate, writeCertificate } from '../../helpers/surroundings/certificates.js';
import { writeTinyModel } from '../../helpers/models/tiny-model.js';
import { writeTinyPictureModels } from '../../helpers/models/tiny-picture-models.js';

const folder = mkdtempSync(join(tmpdir(), 'inkdigit-start-'));
const TLS_FILES = {
  INKDIGIT_TLS_CERT: join(folder, 'cert.pem'),
  INKDIGIT_TLS_KEY: join(folder, 'key.pem'),
};
let model: string;
beforeAll(() => void (model = writeTinyModel(folder)));
afterAll(() => rmSync(folder, { recursive: true }));

afterEach(endServices);

describe('a service that starts', () => {
  it('ends where the networks of pictures cannot be opened, though it answers frames before that', async () => {
    writeTinyPictureModels(model);
    const { finder } = pictureModelPaths(model);
    writeFileSync(finder, 'no network');
    const service = startService(['--port', '0', '--model', model, '--workers', '2']);
    await expect(service.ready).rejects.toThrow();
    const { code, stderr } = await service.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^inkdigit: .*finder.* is not the model that .* describes: expected SHA-256 /);
  });

  it.skipIf(process.platform !== 'linux').each([
    ['none', 'neither traces nor TLS', {}, []],
    ['those', 'traces', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, ['NODE_EXTRA_CA_CERTS']],
    ['those', 'TLS', TLS_FILES, ['NODE_EXTRA_CA_CERTS']],
  ])('has its workers read %s of further certificates for %s', async (_none, _what, env, expected) => {
    const { certFile } = writeCertificate(folder, makeCertificate(1));
    const frames = writeTinyModel(join(folder, 'frames'));
    const service = await startService(['--port', '0', '--model', frames, '--workers', '1'], {
      NODE_EXTRA_CA_CERTS: certFile,
      ...env,
    }).ready;
    const { pid } = await service.logged(({ msg }) => msg === 'listening');
    const variables = readFileSync(`/proc/${String(pid)}/environ`, 'utf8').split('\0');
    const names = variables.map((variable) => variable.split('=')[0]);
    expect(names.filter((name) => name === 'NODE_EXTRA_CA_CERTS')).toEqual(expected);
  });
});
