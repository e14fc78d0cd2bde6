import { readJson } from '../http/json-body.ts';
import type { Answer, Peer } from '../http/peer.ts';
import { Refused } from '../http/problems.ts';
import { asUser, type RouteContext, type Routes } from '../http/request.ts';

/** Routes of the shop that are proxied to the orders service. */
export const proxied =
  (owner: Peer): Routes =>
  (router) => {
    for (const path of ['/api/users', '/api/products', '/api/orders']) {
      router.get(path, async (ctx) => {
        sendResponseOf(ctx, await owner.get(path));
      });
    }
    for (const path of ['/api/products', '/api/orders']) {
      router.get(`${path}/:id`, async (ctx) => {
        sendResponseOf(ctx, await owner.get(`${path}/${idOf(ctx)}`));
      });
    }
    router.get('/api/users/:id', (ctx) =>
      asUser(ctx, ctx.params.id ?? '', async () => {
        sendResponseOf(ctx, await owner.get(`/api/users/${idOf(ctx)}`));
      }),
    );
    router.post('/api/users', async (ctx) => {
      sendResponseOf(ctx, await owner.post('/api/users', await readJson(ctx.req)));
    });
  };

function idOf(ctx: RouteContext): string {
  return encodeURIComponent(ctx.params.id ?? '');
}

/** Responds with the response of another role. @throws Refused for an error response */
export function sendResponseOf(ctx: RouteContext, answer: Answer): void {
  if (answer.status >= 400) throw new Refused(answer.status, answer.body);
  ctx.status = answer.status;
  ctx.body = answer.body;
}
