import { InvalidArgumentError, type Option } from 'commander';
import { InkdigitError } from '../../errors.js';
import { inFilesAs, option } from './declare-option.js';

/** Shorter keys can be guessed, even from the digest that the processes of a service share. */
const MIN_KEY_CHARACTERS = 16;

/** `--api-key` of the service: the keys that it accepts. */
export function acceptedKeysOption(): Option {
  return option<readonly string[]>(
    '--api-key <keys>',
    'ask for one of these keys, commas between them; given by the variable or by --config, as others see a command',
    {
      isSecret: true,
      parse: inFilesAs(['list', 'text'], (text) => parseKeys(text, '--api-key (INKDIGIT_API_KEY)')),
    },
  );
}

/** `--admin-key` of the service: the keys that let requests change its models. */
export function adminKeysOption(): Option {
  return option<readonly string[]>(
    '--admin-key <keys>',
    'with --models: let requests with one of these keys change the model, commas between them; given by the ' +
      'variable or by --config',
    {
      isSecret: true,
      parse: inFilesAs(['list', 'text'], (text) => parseKeys(text, '--admin-key (INKDIGIT_ADMIN_KEY)')),
    },
  );
}

/** `--api-key` of commands that call a service. */
export function ownKeyOption(): Option {
  return option('--api-key <key>', 'key for a server that asks for one; better given by the variable');
}

/** `--cors-origin` of the service. */
export function corsOption(): Option {
  return option<readonly string[]>(
    '--cors-origin <origins>',
    'web pages that may read the answers: origins as https://example.org with commas between them, or * for every one',
    { parse: inFilesAs(['list', 'text'], parseOrigins) },
  );
}

/** @throws InkdigitError without the text: commander's own error would repeat the key */
function parseKeys(text: string, name: string): readonly string[] {
  const keys = text.split(',').map((key) => key.trim());
  // The characters that fit into `Authorization: Bearer`.
  if (keys.every((key) => key.length >= MIN_KEY_CHARACTERS && /^[\x21-\x7e]+$/.test(key))) return keys;
  throw new InkdigitError(
    'invalid_option',
    `${name} expects keys of at least ${MIN_KEY_CHARACTERS} characters, ASCII without spaces, ` +
      'with commas between them. ' +
      'openssl rand -hex 24 makes one.',
  );
}

function parseOrigins(text: string): readonly string[] {
  const origins = text.split(',').map((origin) => origin.trim());
  if (origins.every((origin) => origin === '*' || isOrigin(origin))) return origins;
  throw new InvalidArgumentError(
    'Expected * or origins as https://example.org with commas between them, without a path; got ' +
      `${JSON.stringify(text)}.`,
  );
}

/** In the form that browsers send: scheme, host, and the port unless it is the scheme's default. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
