// Each route declares a scope: a server with a route that declares none does not start, so that a new door cannot be open by mistake.
import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Scope } from '#access/scopes.ts';

export interface RouteScope {
  readonly method: string;
  readonly url: string;
  readonly scope: Scope;
}

const scopesOfRoute = ({ method, url, config }: RouteOptions): RouteScope[] => {
  const { scope } = config ?? {};
  return scope === undefined ? [] : [method].flat().map((one) => ({ method: one, url, scope }));
};

/** To be called before any route is registered; `listed` is told of every route when all are. */
export function requireScopes(app: FastifyInstance, listed?: (routes: readonly RouteScope[]) => void): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  app.addHook('onReady', async () => {
    const open = routes.filter((route) => route.config?.scope === undefined).map((route) => route.url);
    if (open.length > 0) throw new Error(`routes without a scope: ${[...new Set(open)].join(', ')}`);
    listed?.(routes.flatMap(scopesOfRoute));
  });
}
