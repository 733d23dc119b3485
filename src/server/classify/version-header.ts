import type { FastifyReply } from 'fastify';
import type { AdmittedJob } from './jobs.js';

/** Says which version of a store answered. */
export const VERSION_HEADER = 'x-inkdigit-model';

/** Puts the version of a job on its answer, where models are versions of a store. */
export function tellVersion(reply: FastifyReply, { modelVersion }: Pick<AdmittedJob, 'modelVersion'>): void {
  if (modelVersion !== undefined) void reply.header(VERSION_HEADER, String(modelVersion));
}
