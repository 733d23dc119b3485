import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  let app: FastifyInstance;
  const HealthResponse = { type: 'object', properties: { status: { type: 'string' } } };
  beforeAll(() => {
    app = fastify();
    app.setSerializerCompiler(serializersWhenUsed);
    app.get('/', { schema: { response: { 200: HealthResponse } } }, async () => ({
      status: 'live',
      more: 1,
    }));
    app.get('/wrong', { schema: { response: { 200: { type: 'colour' } } } }, async () => ({}));
  });
  afterAll(() => app.close());

  it('writes what its schema names, and nothing else, each time', async () => {
    for (const _ of [1, 2]) expect((await app.inject('/')).body).toBe('{"status":"live"}');
  });

  it('is compiled when it is used, not before', async () => {
    await app.ready();
    expect((await app.inject('/wrong')).statusCode).toBe(500);
  });
});
