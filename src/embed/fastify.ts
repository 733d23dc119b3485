import type { FastifyInstance } from 'fastify';
import { createHandler, type Handler, type HandlerOptions } from './handler.js';

/** `prefix` is Fastify's own: the path under which the API stands. */
export interface PluginOptions extends HandlerOptions {
  readonly prefix?: string;
}

/**
 * The service as a plugin of a Fastify app: `await app.register(inkdigit, { prefix: '/digits' })` answers
 * `POST /digits/mnist/classify` and the other routes of the API. Hooks of the app run before a request is handed over;
 * its body limit and its parsers do not count, the plugin's own limits do. When the app closes, open requests are
 * answered first.
 * @throws InkdigitError `missing_file`, `invalid_model` or `invalid_option`
 */
export async function inkdigit(app: FastifyInstance, options: PluginOptions = {}): Promise<void> {
  const { prefix: _, ...handlerOptions } = options;
  const handler = await createHandler({
    logger: { level: 'error', stream: linesTo(app) },
    ...handlerOptions,
  });
  app.addHook('preClose', async () => handler.drain());
  app.addHook('onClose', async () => handler.close());
  // The handler reads the body itself.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  for (const url of ['/', '/*']) {
    app.all(url, (request, reply) => {
      // What hooks of the app have set.
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) reply.raw.setHeader(name, value);
      }
      reply.hijack();
      handOver(handler, app.prefix, request.raw, reply.raw);
    });
  }
}

/** As Express does: the path is without its prefix while the handler has the request. */
function handOver(handler: Handler, prefix: string, ...[request, response]: Parameters<Handler>): void {
  const { url = '/' } = request;
  const rest = url.slice(prefix.length);
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
  response.once('close', () => (request.url = url));
  handler(request, response);
}

/** What the service logs, as lines of the app's log. */
function linesTo(app: FastifyInstance): { write(line: string): void } {
  return { write: (line) => app.log.error({ inkdigit: JSON.parse(line) }, 'inkdigit failed') };
}
