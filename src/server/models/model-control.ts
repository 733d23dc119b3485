import type { FastifyRequest } from 'fastify';
import { InkdigitError } from '../../errors.js';
import type { ModelCard } from '../../model/card/card.js';
import { ApiKeys, keyOf } from '../security/api-keys.js';
import type { VersionRef } from './held-models.js';
import type { ChoiceOutcome, ShadowFigures } from './model-messages.js';

/** What the versions of a service are now. */
export interface VersionsNow {
  readonly serving: VersionRef;
  /** Of the version that serves. */
  readonly card: ModelCard;
  /** Kept open for a rollback. */
  readonly previous: VersionRef | undefined;
  readonly shadow: ShadowFigures | undefined;
}

/** The versions of a service, for routes: what they are, and how to change them. */
export interface ModelControl {
  now(): VersionsNow;
  /**
   * Makes a version of the store current, or tries the current one again, and waits until it serves or is refused.
   * @param version undefined for the current one
   */
  choose(version?: number): Promise<ChoiceOutcome>;
}

/** Whether requests may change the models: what `--admin-key` gives. */
export interface AdminAccess {
  /** SHA-256 of each key, by `digestOfKey`; none lets no one. */
  readonly adminKeyDigests?: readonly string[] | undefined;
}

/**
 * Asks a request for an admin key, as `Authorization: Bearer KEY` or `x-api-key: KEY`.
 * @throws InkdigitError `unauthorized`
 */
export function requireAdmin(
  request: Pick<FastifyRequest, 'headers'>,
  { adminKeyDigests = [] }: AdminAccess,
): void {
  const key = keyOf(request);
  if (key !== undefined && new ApiKeys(adminKeyDigests).indexOf(key) >= 0) return;
  throw new InkdigitError(
    'unauthorized',
    adminKeyDigests.length === 0
      ? 'This service changes its models on the command line alone; INKDIGIT_ADMIN_KEY (--admin-key) lets requests ' +
          'do it.'
      : 'Changing models requires an admin key; send yours as "Authorization: Bearer KEY" or as "x-api-key: KEY".',
  );
}
