import type { ServiceDefinition } from '@grpc/grpc-js';
import type { AnyDefinition, MessageTypeDefinition, PackageDefinition } from '@grpc/proto-loader';
import { fileURLToPath } from 'node:url';
import { InkdigitError, messageOf } from '../../errors.js';
import type { BareMessage } from './inference-calls.js';
import type { DescriptorFile } from './reflection-calls.js';

/** The services that are served, as `.proto` files have them. */
export interface LoadedServices {
  /** Gives its calls their messages as bytes: what is wrong with one is then said as all else is. */
  readonly inference: ServiceDefinition;
  /**
   * Takes the message of one of its calls apart, but for that of an inference.
   * @throws InkdigitError `invalid_request`, `body_too_large`
   */
  readonly parse: (method: string, message: BareMessage) => object;
  readonly health: ServiceDefinition;
  /** By the version of the protocol. */
  readonly reflection: readonly ServiceDefinition[];
  /** Full names. */
  readonly names: readonly string[];
  readonly files: readonly DescriptorFile[];
}

const FILES = ['inference.proto', 'health.proto', 'reflection.proto', 'reflection-v1alpha.proto'] as const;

const INFERENCE = 'inference.GRPCInferenceService';
const HEALTH = 'grpc.health.v1.Health';
const REFLECTIONS = [
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
] as const;

/** Requests but for inference are a few names. */
const MAX_REQUEST_BYTES = 64 * 1024;

/** How values are given: numbers as numbers, names as they stand in the files. */
const LOADING = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true } as const;

/**
 * Reads the `.proto` files.
 * @param folder with a slash at its end
 */
export async function loadServices(folder: URL): Promise<LoadedServices> {
  const { load } = await import('@grpc/proto-loader');
  const perFile = await Promise.all(
    FILES.map(async (name) => ({
      name,
      definitions: await load(fileURLToPath(new URL(name, folder)), LOADING),
    })),
  );
  const all: PackageDefinition = Object.assign({}, ...perFile.map(({ definitions }) => definitions));
  const inference = serviceOf(all, INFERENCE);
  return {
    inference: withBareMessages(inference),
    parse: (method, message) => parseWith(inference, method, message),
    health: serviceOf(all, HEALTH),
    reflection: REFLECTIONS.map((name) => serviceOf(all, name)),
    names: [INFERENCE, HEALTH, ...REFLECTIONS],
    files: perFile.map(({ name, definitions }) => describeFile(name, definitions)),
  };
}

function serviceOf(definitions: PackageDefinition, name: string): ServiceDefinition {
  const service = definitions[name];
  if (!service || 'format' in service) throw new Error(`unreachable: ${name} is a service`);
  return service;
}

function withBareMessages(service: ServiceDefinition): ServiceDefinition {
  const requestDeserialize = (bytes: Buffer): BareMessage => ({ bytes });
  return Object.fromEntries(
    Object.entries(service).map(([name, definition]) => [name, { ...definition, requestDeserialize }]),
  );
}

function parseWith(service: ServiceDefinition, method: string, { bytes }: BareMessage): object {
  // A general reader makes an object of each field: few of them are to be read.
  if (bytes.length > MAX_REQUEST_BYTES) {
    throw new InkdigitError(
      'body_too_large',
      `A request to ${method} has at most ${MAX_REQUEST_BYTES} bytes.`,
    );
  }
  try {
    const message: unknown = service[method]?.requestDeserialize(Buffer.from(bytes));
    if (typeof message === 'object' && message !== null) return message;
  } catch (cause) {
    throw new InkdigitError('invalid_request', `This is no message of ${method}: ${messageOf(cause)}.`, {
      cause,
    });
  }
  throw new Error(`unreachable: ${method} is a method`);
}

function describeFile(name: string, definitions: PackageDefinition): DescriptorFile {
  const entries = Object.entries(definitions);
  const message = entries.map(([, one]) => one).find(isMessage);
  const bytes = message?.fileDescriptorProtos[0];
  if (!bytes) throw new Error(`unreachable: ${name} has messages`);
  const symbols = entries.flatMap(([symbol, one]) =>
    'format' in one ? [symbol] : [symbol, ...Object.keys(one).map((method) => `${symbol}.${method}`)],
  );
  return { name, bytes, symbols };
}

function isMessage(definition: AnyDefinition): definition is MessageTypeDefinition<object, object> {
  return 'fileDescriptorProtos' in definition;
}
