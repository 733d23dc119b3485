import buildSerializer, { type Schema } from 'fast-json-stringify';
import type { FastifySerializerCompiler } from 'fastify';

/**
 * Fastify's own serializers. Those of POST are compiled at the start: images are read so, and the first is to wait for
 * nothing. Each of the others is compiled for the first answer that it writes: all of them would take a good part of
 * the start, and many are never asked for anything.
 */
export const serializersWhenUsed: FastifySerializerCompiler<Schema> = ({ schema, method }) => {
  if (method === 'POST') return buildSerializer(schema);
  let serialize: ((data: unknown) => string) | undefined;
  return (data: unknown) => {
    serialize ??= buildSerializer(schema);
    return serialize(data);
  };
};
