import type { FastifyInstance } from 'fastify';
import type * as ReadImage from '../../src/image/read-image.js';
import type * as Models from '../../src/model/digit-models.js';
import type * as App from '../../src/server/app.js';
import { OPEN_ACCESS } from '../../src/server/security/access.js';
import { DEFAULT_LIMITS } from '../../src/server/limits.js';
import type * as Loggers from '../../src/server/log/logger.js';
import type { LogLevel } from '../../src/server/log/log-level.js';
import type * as Readinesses from '../../src/server/readiness.js';
import { importBuilt } from '../measuring/built.js';

/** The service's app as it was built, in this process; the caller lets it listen. */
export async function buildServiceApp(
  model: string,
  logLevel: LogLevel,
): Promise<{ app: FastifyInstance; close: () => Promise<void> }> {
  const [{ buildApp }, { loggerOptions }, { openDigitModels }, { readImageSyncIfSmall }, { Readiness }] =
    await Promise.all([
      importBuilt<typeof App>('server/app.js'),
      importBuilt<typeof Loggers>('server/log/logger.js'),
      importBuilt<typeof Models>('model/digit-models.js'),
      importBuilt<typeof ReadImage>('image/read-image.js'),
      importBuilt<typeof Readinesses>('server/readiness.js'),
    ]);
  const models = await openDigitModels(model);
  const readiness = new Readiness();
  readiness.markReady();
  const app = await buildApp({
    ...models,
    readImage: readImageSyncIfSmall,
    readiness,
    version: '0.0.0',
    page: [],
    logger: loggerOptions(logLevel),
    limits: DEFAULT_LIMITS,
    access: OPEN_ACCESS,
  });
  return {
    app,
    async close() {
      await app.close();
      await models.close();
    },
  };
}
