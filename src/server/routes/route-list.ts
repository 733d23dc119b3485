import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InkdigitError } from '../../errors.js';

/** A path of the caller's own making is cut here. */
const MAX_NAMED_PATH = 100;

/** The routes of an app, kept for 404, 405 and OPTIONS. */
export class RouteList {
  readonly #methodsOfPath = new Map<string, Set<string>>();
  /** Paths with parameters. */
  readonly #patterns = new Map<string, RegExp>();

  /** Must come before the routes are added, and answers what none of them takes. */
  constructor(app: FastifyInstance) {
    app.addHook('onRoute', ({ url, method }) => {
      const methods = this.#methodsOfPath.get(url) ?? new Set<string>();
      for (const one of [method].flat()) methods.add(one);
      this.#methodsOfPath.set(url, methods);
      if (url.includes('/:')) this.#patterns.set(url, patternOf(url));
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
      return `${[...methods].filter((method) => method !== 'HEAD').join(', ')} ${describePath(path)}`;
    });
  }

  /** Whether a path is taken by a route, whatever its method. */
  has(path: string): boolean {
    return this.#methodsOf(path) !== undefined;
  }

  #methodsOf(path: string): Set<string> | undefined {
    const known = this.#methodsOfPath.get(path);
    if (known) return known;
    const found = [...this.#patterns].find(([, pattern]) => pattern.test(path));
    return found && this.#methodsOfPath.get(found[0]);
  }

  #answerUnrouted(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = this.#methodsOf(path);
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

/** A parameter with the pattern that it may have: `:model` or `:model([^:/]+)`. */
const PARAMETER = /:([a-z]+)(?:\([^)]*\))?/g;

/** As people write it: `/v1/models/{model}:predict`. Two colons are one that is no parameter. */
function describePath(url: string): string {
  return url.replaceAll('::', '\0').replace(PARAMETER, '{$1}').replaceAll('\0', ':');
}

function patternOf(url: string): RegExp {
  const pattern = describePath(url).replace(/\{[a-z]+\}/g, '[^/:]+');
  return new RegExp(`^${pattern}$`);
}
