import type { FastifyReply } from 'fastify';

/** Says which version of a store answered. */
const VERSION_HEADER = 'x-inkdigit-model';

/** Puts the version that answered on an answer. @param version undefined where models are no versions of a store */
export function tellVersion(reply: FastifyReply, version: number | undefined): void {
  if (version !== undefined) void reply.header(VERSION_HEADER, String(version));
}
