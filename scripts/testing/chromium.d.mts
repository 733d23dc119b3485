/** The path of a Chromium that is installed; CHROME_PATH goes before all others. */
export function findChromium(): Promise<string | undefined>;

/**
 * The path of a Chromium, installed first where there is none.
 * @throws Error that says how to get one
 */
export function ensureChromium(): Promise<string>;
