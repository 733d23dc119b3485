/** `auto` is `pretty` on a terminal, else `json`; apart from the logger, as the levels are. */
export const LOG_FORMATS = ['auto', 'json', 'pretty'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** How log lines look. */
export interface LogStyle {
  readonly isPretty: boolean;
  readonly isColored: boolean;
}

/** As programs read them. */
export const JSON_LINES: LogStyle = { isPretty: false, isColored: false };

/**
 * What a format comes to.
 * @param isTerminal whether the lines go to one
 * @param env of the process: `NO_COLOR` (https://no-color.org) and `TERM`
 */
export function logStyleOf(
  format: LogFormat,
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
): LogStyle {
  const isPretty = format === 'pretty' || (format === 'auto' && isTerminal);
  return { isPretty, isColored: isPretty && isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb' };
}
