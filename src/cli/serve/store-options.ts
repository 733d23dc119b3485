import { resolve } from 'node:path';
import type { Command } from 'commander';
import { InkdigitError } from '../../errors.js';
import {
  DEFAULT_CANARY_MS,
  DEFAULT_CHECK_LIMITS,
  type StoreSettings,
} from '../../server/models/store-settings.js';
import { adminKeysOption } from '../options/access-options.js';
import { decimalNumber, milliseconds, option, wholeNumber } from '../options/declare-option.js';
import { modelsDirOption } from '../options/models-dir-option.js';

/** Of `inkdigit serve`: versions of a store, and how they change. */
export interface StoreOptions {
  readonly models?: string;
  readonly goldenAccuracy?: number;
  readonly maxSlowdown?: number;
  readonly canaryMs?: number;
  readonly shadow?: number;
  readonly shadowShare?: number;
  readonly adminKey?: readonly string[];
}

/** Declares them. They have no defaults of commander's, so that one without a store can be refused. */
export function addStoreOptions(command: Command): Command {
  const { goldenAccuracy, maxSlowdown } = DEFAULT_CHECK_LIMITS;
  const declared = [
    modelsDirOption(
      'serve the current version of this store (inkdigit models), and each that becomes current, instead of --model',
    ).conflicts('model'),
    option(
      '--golden-accuracy <share>',
      `with --models: share of drawn digits that a version has to read correctly to serve (default: ${goldenAccuracy})`,
      { standsFor: goldenAccuracy, parse: decimalNumber(0, 1) },
    ),
    option(
      '--max-slowdown <factor>',
      'with --models: times the processor time of the version that serves that another may take ' +
        `(default: ${maxSlowdown})`,
      { standsFor: maxSlowdown, parse: decimalNumber(0.1) },
    ),
    option(
      '--canary-ms <ms>',
      `with --models: time that the first process with a new version is watched (default: ${DEFAULT_CANARY_MS})`,
      { standsFor: DEFAULT_CANARY_MS, parse: milliseconds },
    ),
    option(
      '--shadow <version>',
      'with --models: a version that reads frames too while there is time, to compare',
      {
        parse: wholeNumber(1),
      },
    ),
    option(
      '--shadow-share <share>',
      `with --shadow: of which share of requests (default: ${DEFAULT_SHADOW_SHARE})`,
      { standsFor: DEFAULT_SHADOW_SHARE, parse: decimalNumber(0, 1) },
    ),
    adminKeysOption(),
  ];
  for (const one of declared) command.addOption(one);
  return command;
}

const DEFAULT_SHADOW_SHARE = 0.1;

const NEED_A_STORE = {
  goldenAccuracy: '--golden-accuracy',
  maxSlowdown: '--max-slowdown',
  canaryMs: '--canary-ms',
  shadow: '--shadow',
  shadowShare: '--shadow-share',
  adminKey: '--admin-key',
} as const;

/**
 * What was asked of a store; undefined where there is none.
 * @throws InkdigitError `invalid_option` for an option that would do nothing
 */
export function storeSettingsOf(options: StoreOptions): StoreSettings | undefined {
  const { models, shadow, shadowShare = DEFAULT_SHADOW_SHARE } = options;
  if (options.shadowShare !== undefined && shadow === undefined) {
    throw new InkdigitError('invalid_option', '--shadow-share goes with --shadow VERSION.');
  }
  if (models === undefined) {
    for (const [key, flag] of Object.entries(NEED_A_STORE)) {
      if (!(key in options)) continue;
      throw new InkdigitError('invalid_option', `${flag} goes with --models DIR, a store of versions.`);
    }
    return undefined;
  }
  const { goldenAccuracy, maxSlowdown } = { ...DEFAULT_CHECK_LIMITS, ...given(options) };
  return {
    dir: resolve(models),
    limits: { goldenAccuracy, maxSlowdown },
    canaryMs: options.canaryMs ?? DEFAULT_CANARY_MS,
    shadow: shadow === undefined ? undefined : { version: shadow, share: shadowShare },
  };
}

function given({ goldenAccuracy, maxSlowdown }: StoreOptions): Partial<StoreSettings['limits']> {
  return {
    ...(goldenAccuracy !== undefined && { goldenAccuracy }),
    ...(maxSlowdown !== undefined && { maxSlowdown }),
  };
}
