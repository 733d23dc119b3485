import { afterEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import {
  requireAdmin,
  type ModelControl,
  type VersionsNow,
} from '../../../src/server/models/model-control.js';
import { digestOfKey } from '../../../src/server/security/api-keys.js';
import { fakeCard } from '../../helpers/models/fake-classifier.js';
import { buildTestApp } from '../../helpers/programs/test-app.js';

const SHA256 = 'a'.repeat(64);

let app: FastifyInstance | undefined;
afterEach(async () => app?.close());

function controlOf(changes: Partial<VersionsNow> = {}): ModelControl {
  return {
    now: () => ({
      serving: { version: 3, sha256: SHA256 },
      card: { ...fakeCard(), name: 'third' },
      previous: undefined,
      shadow: undefined,
      ...changes,
    }),
    choose: async () => ({ ok: true, serving: 3 }),
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

describe('requireAdmin', () => {
  const KEY = 'a-long-enough-admin-key';
  const access = { adminKeyDigests: [digestOfKey(KEY)] };

  it.each([{ authorization: `Bearer ${KEY}` }, { 'x-api-key': KEY }])('lets %j change models', (headers) => {
    expect(() => requireAdmin({ headers }, access)).not.toThrow();
  });

  it('refuses who has no admin key, another one, and everyone where the service has none', () => {
    for (const headers of [{}, { 'x-api-key': 'another-long-enough-key' }]) {
      expect(() => requireAdmin({ headers }, access)).toThrow('requires an admin key');
    }
    expect(() => requireAdmin({ headers: { 'x-api-key': KEY } }, {})).toThrow('--admin-key');
  });
});
