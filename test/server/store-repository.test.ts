import { afterEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { LiveModels } from '../../src/server/models/live-models.js';
import type { ModelControl } from '../../src/server/models/model-control.js';
import { OPEN_ACCESS } from '../../src/server/security/access.js';
import { digestOfKey } from '../../src/server/security/api-keys.js';
import { repositoryOf } from '../../src/server/store-repository.js';
import { fakeCard } from '../helpers/models/fake-classifier.js';
import { classifierOf, fakeVersion } from '../helpers/models/held-versions.js';
import { buildTestApp } from '../helpers/programs/test-app.js';

const KEY = 'a-long-enough-admin-key';

let app: FastifyInstance | undefined;
afterEach(async () => app?.close());

/** A service that serves version 3, and what it does when it is told to look again. */
async function serviceThat(ok: boolean, apiKeys: readonly string[] = []): Promise<FastifyInstance> {
  const live = new LiveModels(fakeVersion(3, classifierOf(7)).loaded);
  const control: ModelControl = {
    now: () => ({ serving: live.serving.ref, card: fakeCard(), previous: undefined, shadow: undefined }),
    async choose() {
      if (ok) live.swap(fakeVersion(4, classifierOf(8)).loaded);
      return ok ? { ok, serving: 4 } : { ok, serving: 3, reason: 'version 4 reads nothing' };
    },
  };
  const access = {
    ...OPEN_ACCESS,
    keyDigests: apiKeys.map(digestOfKey),
    adminKeyDigests: [digestOfKey(KEY)],
  };
  app = await buildTestApp({
    source: live,
    modelControl: control,
    repository: repositoryOf(control),
    access,
  });
  return app;
}

const LOAD = '/v2/repository/models/digits/load';

describe('the repository of a service with versions', () => {
  it('loads what is current for a client with the admin key, and each answer has its version', async () => {
    const service = await serviceThat(true);
    const infer = async (): Promise<unknown> => {
      const data = Array.from({ length: 784 }, (_, i) => i % 2);
      const inputs = [{ name: 'frame', datatype: 'FP32', shape: [1, 784], data }];
      return (
        await service.inject({ method: 'POST', url: '/v2/models/frames/infer', payload: { inputs } })
      ).json();
    };
    expect(await infer()).toMatchObject({ model_version: '3', outputs: [{ data: [7] }, {}] });
    const refused = await service.inject({ method: 'POST', url: LOAD });
    expect([refused.statusCode, refused.json()]).toMatchObject([
      401,
      { error: expect.stringContaining('admin key') },
    ]);
    const loaded = await service.inject({ method: 'POST', url: LOAD, headers: { 'x-api-key': KEY } });
    expect(loaded.statusCode).toBe(200);
    expect(await infer()).toMatchObject({ model_version: '4', outputs: [{ data: [8] }, {}] });
    const index: unknown = (await service.inject({ method: 'POST', url: '/v2/repository/index' })).json();
    expect(index).toMatchObject([{ version: '4', state: 'READY' }, { version: '4' }, {}]);
  });

  it('says why a version does not serve, and that something has to', async () => {
    const service = await serviceThat(false);
    const headers = { authorization: `Bearer ${KEY}` };
    const refused = await service.inject({ method: 'POST', url: LOAD, headers });
    expect([refused.statusCode, refused.json()]).toMatchObject([400, { error: 'version 4 reads nothing' }]);
    const unloaded = await service.inject({ method: 'POST', url: LOAD.replace('/load', '/unload'), headers });
    expect([unloaded.statusCode, unloaded.json()]).toMatchObject([
      501,
      { error: expect.stringContaining('has to serve') },
    ]);
  });

  it('takes the admin key where others need an API key, but no API key for the admin key', async () => {
    const service = await serviceThat(true, ['an-api-key-long-enough']);
    const load = (key: string): Promise<{ statusCode: number }> =>
      service.inject({ method: 'POST', url: LOAD, headers: { 'x-api-key': key } });
    expect((await load('an-api-key-long-enough')).statusCode).toBe(401);
    expect((await load(KEY)).statusCode).toBe(200);
  });
});
