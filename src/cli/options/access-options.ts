import { InvalidArgumentError, type Option } from 'commander';
import { InkdigitError } from '../../errors.js';
import { option } from './declare-option.js';

/** Shorter ones can be guessed: from outside, and from the digest that the processes of a service pass on. */
const MIN_KEY_CHARACTERS = 16;

/** `--api-key` of the service: the keys that it accepts. */
export function acceptedKeysOption(): Option {
  return option<readonly string[]>(
    '--api-key <keys>',
    'ask for one of these keys, commas between them; better given by the variable, as others see a command',
    { parse: (text) => parseKeys(text, '--api-key (INKDIGIT_API_KEY)') },
  );
}

/** `--admin-key` of the service: the keys that let requests change its models. */
export function adminKeysOption(): Option {
  return option<readonly string[]>(
    '--admin-key <keys>',
    'with --models: let requests with one of these keys change the model, commas between them; better given by the variable',
    { parse: (text) => parseKeys(text, '--admin-key (INKDIGIT_ADMIN_KEY)') },
  );
}

/** `--api-key` of what asks a service. */
export function ownKeyOption(): Option {
  return option('--api-key <key>', 'key for a server that asks for one; better given by the variable');
}

/** `--cors-origin` of the service. */
export function corsOption(): Option {
  return option<readonly string[]>(
    '--cors-origin <origins>',
    'web pages that may read the answers: origins as https://example.org with commas between them, or * for every one',
    { parse: parseOrigins },
  );
}

/** @throws InkdigitError without the text: an error of commander would repeat it, and with it the key. */
function parseKeys(text: string, name: string): readonly string[] {
  const keys = text.split(',').map((key) => key.trim());
  // What fits into `Authorization: Bearer`.
  if (keys.every((key) => key.length >= MIN_KEY_CHARACTERS && /^[\x21-\x7e]+$/.test(key))) return keys;
  throw new InkdigitError(
    'invalid_option',
    `${name} expects keys of at least ${MIN_KEY_CHARACTERS} characters, ASCII without spaces, with commas between them. ` +
      'openssl rand -hex 24 makes one.',
  );
}

function parseOrigins(text: string): readonly string[] {
  const origins = text.split(',').map((origin) => origin.trim());
  if (origins.every((origin) => origin === '*' || isOrigin(origin))) return origins;
  throw new InvalidArgumentError(
    `Expected * or origins as https://example.org with commas between them, without a path; got ${JSON.stringify(text)}.`,
  );
}

/** As browsers send it: scheme, host and, where it is not the scheme's own, port. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
