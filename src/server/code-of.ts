/** The `code` that Node, Fastify and their libraries put on errors, as `EADDRINUSE`. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}
