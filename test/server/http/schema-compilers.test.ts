import { fastify, type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import * as oip from '../../../src/api/oip.js';
import * as schemas from '../../../src/api/schemas.js';
import { ModelCard } from '../../../src/model/card/card.js';
import { serializersWhenUsed, validatorsWhenUsed } from '../../../src/server/http/schema-compilers.js';

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

  it('is compiled when it is used, not before', async () => {
    const app = appWith('GET', NoSchema);
    await app.ready();
    expect((await app.inject('/')).statusCode).toBe(500);
  });
});

describe('a validator', () => {
  function appWith(body: object): FastifyInstance {
    const app = fastify();
    app.setValidatorCompiler(validatorsWhenUsed);
    app.post('/', { schema: { body } }, async () => 'taken');
    return app;
  }

  it('tells everything that a schema forbids, and changes nothing', async () => {
    const app = appWith({
      type: 'object',
      properties: { a: { type: 'number' }, b: { type: 'number' } },
      additionalProperties: false,
    });
    const answers = [];
    for (const payload of [{ a: 1 }, { a: '1', b: '2' }, { a: 1, c: 1 }]) {
      const { statusCode, body } = await app.inject({ method: 'POST', url: '/', payload });
      answers.push([statusCode, body]);
    }
    expect(answers).toEqual([
      [200, 'taken'],
      [400, expect.stringContaining('body/a must be number, body/b must be number')],
      [400, expect.stringContaining('must NOT have additional properties')],
    ]);
  });

  it('is compiled when it is used, not before', async () => {
    const app = appWith({ type: 'colour' });
    await app.ready();
    expect((await app.inject({ method: 'POST', url: '/', payload: {} })).statusCode).toBe(500);
  });
});
