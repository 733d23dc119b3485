import { MnistClientError } from './client-error.js';
import type { TransportRequest, TransportSettings } from './messages.js';

const MAX_REDIRECTS = 5;

/** What a redirect stands for: whether the same request is to be sent to the new address. */
const KEEPS_REQUEST: ReadonlyMap<number, boolean> = new Map([
  [301, false],
  [302, false],
  [303, false],
  [307, true],
  [308, true],
]);

/**
 * Fetches; 307 and 308 are followed with the same method and body, but not from https to http, and without the API
 * key to another origin. The others would turn POST into GET.
 * @throws MnistClientError `moved`, which names the new address; whatever fetch throws
 */
export async function fetchFollowing(
  url: URL,
  init: TransportRequest,
  { fetch, headers: ownHeaders, server }: TransportSettings,
  signal: AbortSignal,
): Promise<Response> {
  const request = (target: URL, redirect: 'manual' | 'follow'): Promise<Response> => {
    const headers = { ...(target.origin === url.origin ? ownHeaders : {}), ...init.headers };
    return fetch(target, { ...init, headers, signal, redirect });
  };
  let target = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await request(target, 'manual');
    if (response.type === 'opaqueredirect')
      return followInBrowser(await request(target, 'follow'), url, init, server);
    const keepsRequest = KEEPS_REQUEST.get(response.status);
    const location = response.headers.get('location');
    if (keepsRequest === undefined || location === null || !URL.canParse(location, target.href))
      return response;
    // Its body is of no use, and would keep the connection.
    await response.body?.cancel();
    const next = new URL(location, target);
    const isSafe = next.protocol === 'https:' || (next.protocol === 'http:' && target.protocol === 'http:');
    if (!keepsRequest || !isSafe) throw moved(server, url, next);
    // fetch refuses them, with the password in its error.
    next.username = '';
    next.password = '';
    target = next;
  }
  throw new MnistClientError('moved', `The server at ${server} redirects more than ${MAX_REDIRECTS} times.`);
}

/**
 * Browsers do not show where a redirect leads, so they follow it themselves: as above, but for 301, 302 and 303, where
 * they send GET, which the route of a POST refuses.
 */
function followInBrowser(
  response: Response,
  url: URL,
  { method }: TransportRequest,
  server: string,
): Response {
  const isRefused = response.status === 404 || response.status === 405;
  if (method === 'POST' && response.redirected && isRefused) throw moved(server, url, new URL(response.url));
  return response;
}

/** @param url what was asked for; @param next where that is now, as the server says */
function moved(server: string, url: URL, next: URL): MnistClientError {
  const route = url.pathname.slice(new URL(server).pathname.length);
  const path = next.pathname.endsWith(`/${route}`) ? next.pathname.slice(0, -route.length) : next.pathname;
  // Without a password, should there be one.
  const address = `${next.protocol}//${next.host}${path}`;
  return new MnistClientError(
    'moved',
    `The server at ${server} has moved to ${address}; give that as the server (--server on the command line).`,
  );
}
