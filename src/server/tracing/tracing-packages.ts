import { createRequire } from 'node:module';

/**
 * What sends traces, of the last lines for Node.js 20. None of it comes with inkdigit: with what it needs it is 12
 * packages and 18 MB, and few services send traces.
 */
const TRACING_PACKAGES = {
  '@opentelemetry/api': '1.9',
  '@opentelemetry/core': '2.12',
  '@opentelemetry/exporter-trace-otlp-http': '0.223',
  '@opentelemetry/resources': '2.12',
  '@opentelemetry/sdk-trace-base': '2.12',
} as const;

/** How to have them. */
export const INSTALL_TRACING = `npm install ${Object.entries(TRACING_PACKAGES)
  .map(([name, version]) => `${name}@${version}`)
  .join(' ')}`;

/**
 * Those that are not there.
 * @param resolve throws for a package that cannot be found
 */
export function missingTracingPackages(
  resolve: (name: string) => unknown = createRequire(import.meta.url).resolve,
): string[] {
  return Object.keys(TRACING_PACKAGES).filter((name) => {
    try {
      resolve(name);
      return false;
    } catch {
      return true;
    }
  });
}
