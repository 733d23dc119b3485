import { MnistClientError } from './client-error.js';

const CLASSIFY_AT_END = /\/+mnist\/classify\/*$/;

/**
 * Reads the address of a server: `http://` may be left out, and the address of its route be given as a whole.
 * @returns with a slash at its end, for the routes to be added.
 * @throws MnistClientError `invalid_option`, never with a password: errors end up in logs.
 */
export function parseServer(server: string | URL): URL {
  const text = String(server);
  // Wherever it stands: a password may have the characters that end a host.
  if (text.includes('@')) {
    throw new MnistClientError(
      'invalid_option',
      'Expected the address of the server without a user, a password or an "@" in it. ' +
        'A key is given by itself, as apiKey (--api-key or INKDIGIT_API_KEY on the command line).',
    );
  }
  const address = /^(?:https?:|[a-z][a-z\d+.-]*:\/\/)/i.test(text) ? text : `http://${text}`;
  const url = /^[/\\\s]|^$/.test(text) || !URL.canParse(address) ? undefined : new URL(address);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new MnistClientError(
      'invalid_option',
      `Expected the server as an address like http://127.0.0.1:8000/, got ${JSON.stringify(text)}.`,
    );
  }
  url.search = '';
  url.hash = '';
  url.pathname = `${url.pathname.replace(CLASSIFY_AT_END, '').replace(/\/+$/, '')}/`;
  return url;
}

/** The same host and port, asked in the other protocol. */
export function inProtocol(server: string, protocol: 'http:' | 'https:'): string {
  const url = new URL(server);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  url.protocol = protocol;
  url.port = port;
  return url.href;
}
