import { afterEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import {
  chooseFor,
  type AdminAccess,
  type ModelControl,
  type VersionsNow,
} from '../../../src/server/models/model-control.js';
import { digestOfKey } from '../../../src/server/security/api-keys.js';
import { fakeCard } from '../../helpers/fake-classifier.js';
import { buildTestApp } from '../../helpers/test-app.js';

const SHA256 = 'a'.repeat(64);

let app: FastifyInstance | undefined;
afterEach(async () => app?.close());

function controlOf(changes: Partial<VersionsNow> = {}): ModelControl & { chosen: (number | undefined)[] } {
  const chosen: (number | undefined)[] = [];
  return {
    chosen,
    now: () => ({
      serving: { version: 3, sha256: SHA256 },
      card: { ...fakeCard(), name: 'third' },
      previous: undefined,
      shadow: undefined,
      ...changes,
    }),
    async choose(version) {
      chosen.push(version);
      return version === 9
        ? { ok: false, serving: 3, reason: 'it reads nothing' }
        : { ok: true, serving: version ?? 3 };
    },
  };
}

describe('GET /version', () => {
  it('says what serves, what is kept and how a shadow compares; GET /model has the card of that version', async () => {
    const shadow = {
      serving: 3,
      candidate: 4,
      share: 0.1,
      compared: 10,
      agreed: 9,
      probabilityDifference: 0.2,
      disagreements: { '7>1': 1 },
      dropped: 0,
    };
    const modelControl = controlOf({ previous: { version: 2, sha256: SHA256 }, shadow });
    app = await buildTestApp({ modelControl });
    expect((await app.inject('/version')).json()).toEqual({
      version: '1.2.3',
      model: { name: 'third', version: 3, sha256: SHA256, modelSha256: fakeCard().file.sha256 },
      previous: 2,
      shadow,
    });
    expect((await app.inject('/model')).json()).toMatchObject({ name: 'third' });
  });

  it('leaves out a shadow that there is not', async () => {
    app = await buildTestApp({ modelControl: controlOf() });
    const body: object = (await app.inject('/version')).json();
    expect(body).not.toHaveProperty('shadow');
    expect(body).toMatchObject({ previous: null });
  });
});

describe('chooseFor', () => {
  const KEY = 'a-long-enough-admin-key';

  /** A route as those of a repository of models are. */
  async function choose(
    version: number | undefined,
    headers: Record<string, string>,
    access: AdminAccess,
    control: ModelControl | undefined = controlOf(),
  ): Promise<{ status: number; body: unknown }> {
    app = await buildTestApp();
    app.post('/choose', (request) => chooseFor(request, control, access, version));
    const answer = await app.inject({ method: 'POST', url: '/choose', headers });
    return { status: answer.statusCode, body: answer.json() };
  }

  const access = { adminKeyDigests: [digestOfKey(KEY)] };

  it.each([{ authorization: `Bearer ${KEY}` }, { 'x-api-key': KEY }])('chooses for %j', async (headers) => {
    const control = controlOf();
    expect(await choose(4, headers, access, control)).toEqual({
      status: 200,
      body: { ok: true, serving: 4 },
    });
    expect(control.chosen).toEqual([4]);
  });

  it('refuses who has no admin key, another one, and everyone where the service has none', async () => {
    const control = controlOf();
    expect(await choose(4, {}, access, control)).toMatchObject({ status: 401 });
    expect(await choose(4, { 'x-api-key': 'another-long-enough-key' }, access, control)).toMatchObject({
      status: 401,
    });
    expect(await choose(4, { 'x-api-key': KEY }, {}, control)).toMatchObject({
      status: 401,
      body: { message: expect.stringContaining('--admin-key') },
    });
    expect(control.chosen).toEqual([]);
  });

  it('says why a version does not serve, and that a service has no store', async () => {
    const headers = { 'x-api-key': KEY };
    expect(await choose(9, headers, access)).toMatchObject({
      status: 400,
      body: { message: 'it reads nothing' },
    });
    app = await buildTestApp();
    app.post('/choose', (request) => chooseFor(request, undefined, access, 1));
    const answer = await app.inject({ method: 'POST', url: '/choose', headers });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { message: expect.stringContaining('--models') },
    ]);
  });
});
