import { Compile } from '../../../typebox.js';
import { InferRequestBody, type InferParameters } from '../../../api/oip.js';
import { InkdigitError } from '../../../errors.js';
import { parseBoundedJson } from '../../bodies/json-body.js';
import { quoted, tensorFault, type InferRequest, type InputTensor, type TensorContent } from './tensor.js';

/** A request as it came over HTTP, with how its answer is to be written. */
export interface HttpInferRequest extends InferRequest {
  /** The name of an output -> whether its values are to follow the JSON part as bytes. */
  readonly isBinary: (output: string) => boolean;
}

/** The header that says how long the JSON part is; what is behind it are tensors. */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';

const EXPECTED = '{"inputs":[{"name":"image","datatype":"BYTES","shape":[1],"data":["<base64>"]}]}';

const body = Compile(InferRequestBody);

/**
 * Takes apart the body of an inference.
 * @param jsonLength the header of that name; 0 says that all of the body is the one input
 * @param rawInput what that input is then
 * @param maxStructure brackets, colons and commas that the JSON part may have
 * @throws InkdigitError `invalid_request`, `malformed_json`, `body_too_large`
 */
export function decodeInferRequest(
  bytes: Uint8Array,
  jsonLength: string | undefined,
  rawInput: (bytes: Uint8Array) => InputTensor,
  maxStructure: number,
): HttpInferRequest {
  const length = jsonLength === undefined ? bytes.length : lengthOf(jsonLength, bytes.length);
  if (jsonLength !== undefined && length === 0) {
    return { id: '', parameters: {}, inputs: [rawInput(bytes)], outputs: undefined, isBinary: () => true };
  }
  const text = new TextDecoder().decode(bytes.subarray(0, length));
  const content = parseBoundedJson(text, maxStructure, EXPECTED);
  if (!body.Check(content)) throw describeFault(content);
  const { id = '', parameters = {}, outputs } = content;
  const inputs = withContents(content.inputs, bytes.subarray(length), jsonLength !== undefined);
  const ofAll = parameters['binary_data_output'] === true;
  const ofOne = new Map(outputs?.map(({ name, parameters: own }) => [name, own?.['binary_data']]));
  return {
    id,
    parameters,
    inputs,
    outputs: outputs?.map((output) => ({ name: output.name, parameters: output.parameters ?? {} })),
    isBinary: (output) => (ofOne.get(output) ?? ofAll) === true,
  };
}

function lengthOf(text: string, bodyLength: number): number {
  const length = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (length <= bodyLength) return length;
  throw new InkdigitError(
    'invalid_request',
    `The header Inference-Header-Content-Length says ${quoted(text)}; expected the length of the JSON part in bytes, ` +
      `0 to ${bodyLength} (all of the body).`,
  );
}

/** Gives each input its JSON or its bytes, which follow each other in the order of the inputs. */
function withContents(
  inputs: InferRequestBody['inputs'],
  packed: Uint8Array,
  hasHeader: boolean,
): InputTensor[] {
  let at = 0;
  const tensors = inputs.map(({ name, datatype, shape, parameters, data }): InputTensor => {
    const size = packedSize(name, parameters);
    if (size === undefined && data === undefined)
      throw tensorFault(name, 'has neither "data" nor the parameter "binary_data_size"');
    if (size === undefined) return { name, datatype, shape, content: { kind: 'json', values: data ?? [] } };
    if (data !== undefined) throw tensorFault(name, 'has both "data" and the parameter "binary_data_size"');
    if (!hasHeader) {
      throw tensorFault(
        name,
        'has the parameter "binary_data_size", and the request no header Inference-Header-Content-Length',
      );
    }
    const content: TensorContent = { kind: 'packed', bytes: packed.subarray(at, at + size) };
    at += size;
    return { name, datatype, shape, content };
  });
  if (at === packed.length) return tensors;
  throw new InkdigitError(
    'invalid_request',
    `The inputs' "binary_data_size" add up to ${at} bytes, and ${packed.length} follow the JSON part.`,
  );
}

function packedSize(name: string, parameters: InferParameters | undefined): number | undefined {
  const size = parameters?.['binary_data_size'];
  if (size === undefined) return undefined;
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size;
  throw tensorFault(name, `has "binary_data_size": ${JSON.stringify(size).slice(0, 30)}; expected 0 or more`);
}

/** What a schema finds, with the place: `inputs/0/shape`. */
function describeFault(content: unknown): InkdigitError {
  const [first] = body.Errors(content);
  const place = first?.instancePath.slice(1, 60) || 'the body';
  const what = first?.message ?? 'is wrong';
  return new InkdigitError('invalid_request', `Expected ${EXPECTED}; ${place} ${what}.`);
}
