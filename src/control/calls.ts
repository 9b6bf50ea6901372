/** Which calls there are: for those who ask for one that is not. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { quote } from '../quote.js';
import type { DescribedCall } from './openapi/operation.js';
import { Problem } from './problem.js';

export class Calls {
  readonly #calls: DescribedCall[] = [];

  /** All as they are written in the documentation: `GET /blocks/:index_or_hash`. */
  get list(): string[] {
    return this.#calls.map(({ method, path }) => `${method} ${path}`);
  }

  /** All with what is known of them. */
  get described(): readonly DescribedCall[] {
    return this.#calls;
  }

  /** Takes down every call that is added to the app from now on, save hidden ones, and answers for those that are not. */
  watch(app: FastifyInstance): void {
    app.addHook('onRoute', ({ method, url, schema = {}, config }) => {
      if (schema.hide) return;
      // Whatever else a request may say of itself.
      const open = config?.open?.({ headers: {} } as FastifyRequest) ?? false;
      for (const one of [method].flat())
        if (one !== 'HEAD') this.#calls.push({ method: one, path: url, schema, open });
    });
    app.setNotFoundHandler((request) => this.#refuse(request));
  }

  /** @throws Problem 404 or 405 */
  #refuse({ method, url }: FastifyRequest): never {
    const path = url.split('?', 1)[0] as string;
    const exact = this.#calls.filter((call) => call.path === path);
    const calls = exact.length > 0 ? exact : this.#calls.filter((call) => matches(call.path, path));
    const methods = calls.map((call) => call.method);
    if (methods.length === 0) {
      throw new Problem(404, `there is no call ${quote(path)}; GET / names those there are`);
    }
    throw wrongMethod(method, path, methods);
  }
}

export function wrongMethod(method: string, path: string, methods: readonly string[]): Problem {
  return new Problem(405, `${path} does not take ${method}: use ${methods.join(' or ')}`, {
    Allow: methods.join(', '),
  });
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, at) => part === given[at] || (part.startsWith(':') && given[at] !== ''))
  );
}
