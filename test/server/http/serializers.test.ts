import { fastify, type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import * as oip from '../../../src/api/oip.js';
import * as schemas from '../../../src/api/schemas.js';
import { ModelCard } from '../../../src/model/card/card.js';
import { serializersWhenUsed } from '../../../src/server/http/serializers.js';

const ALL = Object.entries({ ...schemas, ...oip, ModelCard }).filter(
  ([, value]) => typeof value === 'object' && ('type' in value || 'anyOf' in value),
);

describe('the schemas', () => {
  // The service compiles serializers when they are used, and leaves out the check of its schemas.
  it.each(ALL)('%s is one that Fastify takes before it starts', async (_, schema) => {
    const app = fastify();
    app.post('/', { schema: { body: schema, response: { 200: schema } } }, async () => ({}));
    await app.ready();
    await app.close();
  });
});

describe('a serializer', () => {
  const HealthResponse = { type: 'object', properties: { status: { type: 'string' } } };
  const NoSchema = { type: 'colour' };

  function appWith(method: 'GET' | 'POST', schema: object): FastifyInstance {
    const app = fastify();
    app.setSerializerCompiler(serializersWhenUsed);
    const handler = async (): Promise<object> => ({ status: 'live', more: 1 });
    app.route({ method, url: '/', schema: { response: { 200: schema } }, handler });
    return app;
  }

  it.each(['GET', 'POST'] as const)(
    'of %s writes what its schema names, and nothing else',
    async (method) => {
      const app = appWith(method, HealthResponse);
      for (const _ of [1, 2]) expect((await app.inject({ method, url: '/' })).body).toBe('{"status":"live"}');
    },
  );

  it('of GET is compiled when it is used, not before', async () => {
    const app = appWith('GET', NoSchema);
    await app.ready();
    expect((await app.inject('/')).statusCode).toBe(500);
  });

  it('of POST is compiled before', async () => {
    await expect(appWith('POST', NoSchema).ready()).rejects.toThrow(
      'Failed building the serialization schema for POST',
    );
  });
});
