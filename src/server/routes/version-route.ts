import type { FastifyInstance } from 'fastify';
import type { ModelControl } from '../models/model-control.js';
import { VersionResponse } from '../../api/schemas.js';

/** `GET /version`: which version of a store serves, and how a shadow compares; only where there is a store. */
export function addVersionRoute(
  app: FastifyInstance,
  version: string,
  control: ModelControl | undefined,
): void {
  if (!control) return;
  app.get(
    '/version',
    { schema: { response: { 200: VersionResponse } } },
    async (): Promise<VersionResponse> => {
      const { serving, card, previous, shadow } = control.now();
      return {
        version,
        model: {
          name: card.name,
          version: serving.version,
          sha256: serving.sha256,
          modelSha256: card.file.sha256,
        },
        previous: previous?.version ?? null,
        ...(shadow && { shadow: { ...shadow, disagreements: { ...shadow.disagreements } } }),
      };
    },
  );
}
