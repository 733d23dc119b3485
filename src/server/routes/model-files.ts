import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { MODEL_NAMES } from '../../browser/model-names.js';
import { InkdigitError } from '../../errors.js';
import { faultAndAdvice } from '../../files/file-fault.js';
import { sha256Of } from '../../sha256.js';
import { isKept } from './page-routes.js';

/** The models that the page reads by in the browser, as they ship: `/models/mnist.int8.onnx`, …. */
export const MODEL_FILE_PATHS = Object.values(MODEL_NAMES).map((name) => `/models/${name}`);

/**
 * Serves them, to who has them already as 304. Most callers never ask for one, and a browser keeps them: they are read
 * from the disk for each request, and take no memory of the process.
 * @param folder where they lie
 */
export function addModelFiles(app: FastifyInstance, folder: string): void {
  for (const name of Object.values(MODEL_NAMES)) {
    app.get(`/models/${name}`, async (request, reply) => {
      const path = join(folder, name);
      const body = await readFile(path).catch((cause: unknown) => {
        const message = `Cannot read the model's file ${path}: ${faultAndAdvice(cause)}`;
        throw new InkdigitError('missing_file', message, { cause });
      });
      const etag = `"${sha256Of(body).slice(0, 32)}"`;
      void reply.headers({ 'cache-control': 'no-cache', etag });
      if (isKept(request.headers['if-none-match'], etag)) return reply.code(304).send();
      return reply.type('application/octet-stream').send(body);
    });
  }
}
