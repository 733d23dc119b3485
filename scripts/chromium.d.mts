/** The path of a Chromium that is installed; CHROME_PATH goes before all others. */
export function findChromium(): Promise<string | undefined>;
