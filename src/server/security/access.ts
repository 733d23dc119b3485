/** Who may use the service. */
export interface Access {
  /** SHA-256 of each key that is accepted, by `digestOfKey`; none when everybody is let in. */
  readonly keyDigests: readonly string[];
  /** Origins of pages whose scripts may read the answers, as `https://example.org`; `*` is every one. */
  readonly corsOrigins: readonly string[];
  /** SHA-256 of each key that lets a request change the models; none lets no one. */
  readonly adminKeyDigests?: readonly string[] | undefined;
}

/**
 * SHA-256 of the keys that may use the service, admin keys included; none when everybody is let in.
 */
export function acceptedDigests({ keyDigests, adminKeyDigests = [] }: Access): readonly string[] {
  return keyDigests.length > 0 ? [...keyDigests, ...adminKeyDigests] : [];
}

/** Everybody who reaches it; in browsers only its own page. */
export const OPEN_ACCESS: Access = { keyDigests: [], corsOrigins: [] };
