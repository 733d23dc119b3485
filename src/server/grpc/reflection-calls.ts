import type * as Grpc from '@grpc/grpc-js';
import { STATUS } from './status.js';

/** A file of descriptors: a `FileDescriptorProto` as bytes, and what is declared in it. */
export interface DescriptorFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** Full names of services, methods, messages and enums. */
  readonly symbols: readonly string[];
}

interface ReflectionRequest {
  readonly message_request?: string;
  readonly file_by_filename?: string;
  readonly file_containing_symbol?: string;
  readonly list_services?: string;
  readonly file_containing_extension?: { readonly containing_type: string };
  readonly all_extension_numbers_of_type?: string;
}

type ReflectionStream = Grpc.ServerDuplexStream<ReflectionRequest, object>;

/** Streams that may be open at once: each may bring one message after the other. */
const MAX_STREAMS = 8;

/** `grpc.reflection.v1.ServerReflection`, for tools as grpcurl: what services and messages there are. */
export function reflectionCall(
  services: readonly string[],
  files: readonly DescriptorFile[],
): Grpc.handleBidiStreamingCall<ReflectionRequest, object> {
  let open = 0;
  return (call: ReflectionStream) => {
    if (open >= MAX_STREAMS) {
      call.emit('error', {
        code: STATUS.UNAVAILABLE,
        details: `${MAX_STREAMS} reflections are open already.`,
      });
      return;
    }
    open += 1;
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      open -= 1;
    };
    call.on('data', (request: ReflectionRequest) => {
      call.write({ valid_host: '', original_request: request, ...answerTo(request, services, files) });
    });
    call.once('end', () => {
      end();
      call.end();
    });
    call.once('cancelled', end);
    call.once('error', end);
  };
}

function answerTo(
  request: ReflectionRequest,
  services: readonly string[],
  files: readonly DescriptorFile[],
): object {
  if (request.list_services !== undefined) {
    return { list_services_response: { service: services.map((name) => ({ name })) } };
  }
  const { file_by_filename: fileName, file_containing_symbol: symbol } = request;
  const file = files.find(({ name, symbols }) => name === fileName || symbols.some((one) => one === symbol));
  if (file) return { file_descriptor_response: { file_descriptor_proto: [file.bytes] } };
  if (fileName === undefined && symbol === undefined) {
    return {
      error_response: {
        error_code: STATUS.UNIMPLEMENTED,
        error_message: 'These services have no extensions.',
      },
    };
  }
  return {
    error_response: { error_code: STATUS.NOT_FOUND, error_message: 'There is no such file or symbol.' },
  };
}
