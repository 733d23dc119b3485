import AjvCompiler from '@fastify/ajv-compiler';
import buildSerializer, { type Schema } from 'fast-json-stringify';
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';

// Fastify compiles a function for everything that a request or an answer is checked by, before the service listens.
// All of them take a good part of the start, and many are never used: here each is compiled when it first is.

/** Fastify's own serializers. */
export const serializersWhenUsed: FastifySerializerCompiler<Schema> = ({ schema }) => {
  let serialize: ((data: unknown) => string) | undefined;
  return (data: unknown) => {
    serialize ??= buildSerializer(schema);
    return serialize(data);
  };
};

/** Of Ajv, which Fastify has as well. */
const AJV = {
  coerceTypes: false,
  removeAdditional: false,
  allErrors: true,
  // A test does: Ajv would compile what schemas are checked by first, which takes longer than all of them.
  validateSchema: false,
} as const;

let compilerInUse: ReturnType<ReturnType<typeof AjvCompiler>> | undefined;

/** Fastify's own validators. */
export const validatorsWhenUsed: FastifySchemaCompiler<object> = ({ schema }) => {
  let validate: ReturnType<NonNullable<typeof compilerInUse>> | undefined;
  return (data: unknown) => {
    compilerInUse ??= AjvCompiler()({}, { customOptions: AJV });
    validate ??= compilerInUse({ schema });
    return validate(data) === true ? true : { error: validate.errors ?? [] };
  };
};
