import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InkdigitError } from '../../errors.js';

/** A path of the caller's own making is cut here. */
const MAX_NAMED_PATH = 100;

/** The routes of an app, kept for 404, 405 and OPTIONS. All paths are literal: none has parameters. */
export class RouteList {
  readonly #methodsOfPath = new Map<string, Set<string>>();

  /** Must come before the routes are added, and answers what none of them takes. */
  constructor(app: FastifyInstance) {
    app.addHook('onRoute', ({ url, method }) => {
      const methods = this.#methodsOfPath.get(url) ?? new Set<string>();
      for (const one of [method].flat()) methods.add(one);
      this.#methodsOfPath.set(url, methods);
    });
    // Before the body is parsed: a wrong path should be said to be wrong whatever was sent to it.
    app.addHook('onRequest', async (request, reply) => {
      if (request.is404) return this.#answerUnrouted(request, reply);
      return undefined;
    });
  }

  /** One line a path, as `GET /model`. */
  describe(): string[] {
    return [...this.#methodsOfPath].map(([path, methods]) => {
      return `${[...methods].filter((method) => method !== 'HEAD').join(', ')} ${path}`;
    });
  }

  #answerUnrouted(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = this.#methodsOfPath.get(path);
    if (!methods) {
      throw new InkdigitError(
        'route_not_found',
        `There is no path ${JSON.stringify(path.slice(0, MAX_NAMED_PATH))}. There are: ${this.describe().join('; ')}.`,
      );
    }
    const allowed = [...methods, 'OPTIONS'].toSorted().join(', ');
    void reply.header('allow', allowed);
    if (request.method === 'OPTIONS') return reply.code(204).send();
    throw new InkdigitError(
      'method_not_allowed',
      `${path} does not take ${request.method}; it takes ${allowed}.`,
    );
  }
}
