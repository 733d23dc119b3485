import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { acceptedKeysOption, corsOption } from '../../../src/cli/options/access-options.js';

function parse(...args: string[]): Record<string, unknown> {
  const command = new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addOption(acceptedKeysOption())
    .addOption(corsOption());
  return command.parse(args, { from: 'user' }).opts();
}

describe('--api-key', () => {
  it('takes several keys', () => {
    expect(parse('--api-key', 'a-key-of-many-characters, one-more-of-that-size')).toEqual({
      apiKey: ['a-key-of-many-characters', 'one-more-of-that-size'],
    });
  });

  it.each([
    '',
    'too-short',
    'a-key-of-many-characters,',
    'a key with spaces in it',
    'a-key-of-many-charactérs',
  ])('refuses %j, and does not repeat it', (keys) => {
    expect(() => parse('--api-key', keys)).toThrow(
      expect.objectContaining({
        code: 'invalid_option',
        message: expect.stringMatching(/at least 16 characters/),
      }),
    );
    if (keys) expect(() => parse('--api-key', keys)).toThrow(expect.not.stringContaining(keys));
  });
});

describe('--cors-origin', () => {
  it('takes origins and the star', () => {
    expect(parse('--cors-origin', 'https://example.org, http://localhost:5173')).toEqual({
      corsOrigin: ['https://example.org', 'http://localhost:5173'],
    });
    expect(parse('--cors-origin', '*')).toEqual({ corsOrigin: ['*'] });
  });

  it.each(['', 'example.org', 'https://example.org/', 'https://example.org/path', 'https://a,', 'null'])(
    'refuses %j',
    (origins) => {
      expect(() => parse('--cors-origin', origins)).toThrow('without a path');
    },
  );
});
