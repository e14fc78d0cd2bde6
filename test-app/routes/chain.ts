import type { RoleName } from '../config/variables.ts';
import type { Peer } from '../http/peer.ts';
import type { Routes } from '../http/request.ts';

interface Link {
  readonly service: RoleName;
  /** The duration in this service and those behind it. */
  readonly milliseconds: number;
  readonly next?: Link;
}

/** A request through all services, one after the other. */
export const chain =
  (service: RoleName, next?: Peer): Routes =>
  (router) => {
    router.get('/api/chain', async (ctx) => {
      const start = performance.now();
      const behind = next && (await next.find<Link>('/api/chain'));
      const milliseconds = Math.round((performance.now() - start) * 10) / 10;
      const link: Link = { service, milliseconds, ...(behind && { next: behind }) };
      ctx.body = link;
    });
  };
