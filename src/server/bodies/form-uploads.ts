import type { FastifyRequest } from 'fastify';
import { codeOf, InkdigitError, messageOf } from '../../errors.js';
import { bodyTooLarge, type Limits } from '../limits.js';

/**
 * The files of a form, one at least.
 * @throws InkdigitError `invalid_request` for a form that cannot be read or has no file; `body_too_large`
 */
export async function filesOfForm(request: FastifyRequest, limits: Limits): Promise<readonly Uint8Array[]> {
  const { files, fields } = await readForm(request, limits.maxBodyBytes).catch((cause: unknown) => {
    // Whatever is left of the form is read and dropped, or the connection would stay stuck behind it.
    request.raw.unpipe().resume();
    if (cause instanceof InkdigitError || codeOf(cause)?.startsWith('FST_')) throw cause;
    throw new InkdigitError('invalid_request', describeFormFault(cause), { cause });
  });
  if (files.length > 0) return files;
  const [field] = fields;
  const found = field === undefined ? '' : `: its field ${JSON.stringify(field.slice(0, 30))} is text`;
  throw new InkdigitError(
    'invalid_request',
    `The form has no file${found}. Expected at least one file, as in curl -F image=@7.png (mind the @), ` +
      'or with Python\'s requests files={"image": open("7.png", "rb")}, not data=.',
  );
}

/** What the parser says where the boundary that content-type names is none. */
const NO_BOUNDARY = /boundary not found/i;
const NO_END = /unexpected end of (?:form|multipart data)/i;

function describeFormFault(cause: unknown): string {
  const said = messageOf(cause);
  if (NO_BOUNDARY.test(said)) {
    return (
      'The content-type multipart/form-data names no boundary. Let your client set content-type itself: it ' +
      'makes the boundary up.'
    );
  }
  if (NO_END.test(said)) {
    return (
      'The form ends too early, or its boundary is not the one that content-type names. Let your client set ' +
      'content-type itself.'
    );
  }
  return `The form cannot be read: ${said}.`;
}

/** The files of a form, and the names of the fields that are none. */
interface Form {
  readonly files: readonly Uint8Array[];
  readonly fields: readonly string[];
}

/** The parser bounds the fields; this bounds all of the form, as it arrives. */
async function readForm(request: FastifyRequest, maxTotalBytes: number): Promise<Form> {
  const files: Uint8Array[] = [];
  const fields: string[] = [];
  let totalBytes = 0;
  const count = (bytes: number): void => {
    totalBytes += bytes;
    if (totalBytes > maxTotalBytes) throw bodyTooLarge(maxTotalBytes);
    request.heldBody?.add(bytes);
  };
  for await (const part of request.parts()) {
    if (part.type !== 'file') {
      count(String(part.value).length);
      fields.push(part.fieldname);
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of part.file) {
      count(chunk.length);
      chunks.push(chunk);
    }
    files.push(Buffer.concat(chunks));
  }
  return { files, fields };
}
