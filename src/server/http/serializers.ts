import buildSerializer, { type Schema } from 'fast-json-stringify';
import type { FastifySerializerCompiler } from 'fastify';

/**
 * Fastify's own serializers, each compiled for the first answer that it writes: to compile those of all routes before
 * the first request would take a good part of the start, and many are never asked for anything.
 */
export const serializersWhenUsed: FastifySerializerCompiler<Schema> = ({ schema }) => {
  let serialize: ((data: unknown) => string) | undefined;
  return (data: unknown) => {
    serialize ??= buildSerializer(schema);
    return serialize(data);
  };
};
