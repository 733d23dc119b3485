import type { FastifyReply, FastifyRequest } from 'fastify';
import { countImages } from '../rates/rate-gate.js';
import type { InferContext } from './inference.js';

/** Brackets, colons and commas that a JSON part may have beside its frames. */
export const MAX_STRUCTURE = 100_000;
/** Those of a frame: a comma a pixel, brackets around rows and pixels. */
export const structurePerFrame = 28 * 28 * 2 + 28 * 2 + 16;

/** @returns no bytes where none came */
export function bodyOf({ body }: FastifyRequest): Uint8Array {
  return Buffer.isBuffer(body) ? body : new Uint8Array();
}

/** What an inference is to know of a request over HTTP. */
export function contextOf(request: FastifyRequest, reply: FastifyReply): InferContext {
  return {
    isGone: () => reply.raw.destroyed,
    onGone: (cancel) => void reply.raw.once('close', cancel),
    onCounted: (images) => countImages(request, reply, images),
    hold: () => request.heldBody?.hold(),
    trace: request.trace,
  };
}
