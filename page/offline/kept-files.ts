/** Path within the site -> SHA-256 of its content, in hexadecimal. */
export type KeptFiles = Readonly<Record<string, string>>;

/** What of a cache is used. */
export interface FileCache {
  match(key: string): Promise<Response | undefined>;
  put(key: string, response: Response): Promise<void>;
  keys(): Promise<readonly { readonly url: string }[]>;
  delete(key: string): Promise<boolean>;
}

/** The files of a site in a cache, by their content: a file that did not change is never loaded again. */
export class KeptSite {
  readonly #files: KeptFiles;
  readonly #scope: string;
  readonly #cache: () => Promise<FileCache>;

  /**
   * @param scope the address of the site, with a slash at its end
   * @param cache that this site alone uses
   */
  constructor(files: KeptFiles, scope: string, cache: () => Promise<FileCache>) {
    this.#files = files;
    this.#scope = scope;
    this.#cache = cache;
  }

  /**
   * Loads what is not there.
   * @throws Error where a file does not come, or another one comes than is meant: the site is just being replaced
   */
  async fill(load: (address: string) => Promise<Response>): Promise<void> {
    const cache = await this.#cache();
    const loading = Object.entries(this.#files).map(async ([path, sha256]) => {
      const key = this.#keyOf(path, sha256);
      if (await cache.match(key)) return;
      const response = await load(new URL(path, this.#scope).href);
      const content = await response.arrayBuffer();
      if (!response.ok || (await sha256Of(content)) !== sha256)
        throw new Error(`${path} is not what it should be`);
      // Headers of compression are about the way that it came.
      const type = response.headers.get('content-type');
      await cache.put(key, new Response(content, type ? { headers: { 'content-type': type } } : {}));
    });
    await Promise.all(loading);
  }

  /** Removes what belongs to other versions of the site. */
  async tidy(): Promise<void> {
    const cache = await this.#cache();
    const current = new Set(Object.entries(this.#files).map(([path, sha256]) => this.#keyOf(path, sha256)));
    for (const { url } of await cache.keys()) if (!current.has(url)) await cache.delete(url);
  }

  /** The file at an address; `undefined` where it is none of the site's. */
  async get(address: string): Promise<Response | undefined> {
    const url = new URL(address);
    url.search = '';
    url.hash = '';
    if (!url.href.startsWith(this.#scope)) return undefined;
    const path = url.href.slice(this.#scope.length) || 'index.html';
    const sha256 = Object.hasOwn(this.#files, path) ? this.#files[path] : undefined;
    return sha256 === undefined ? undefined : (await this.#cache()).match(this.#keyOf(path, sha256));
  }

  #keyOf(path: string, sha256: string): string {
    return `${new URL(path, this.#scope).href}?sha256=${sha256}`;
  }
}

async function sha256Of(content: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
