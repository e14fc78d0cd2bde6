import { healthPath } from '../paths.ts';
import type { Routes } from '../request.ts';

/**
 * Says that this process serves requests. It asks no other service: a probe that fails with its
 * upstream restarts the healthy half of an outage.
 */
export const health =
  (role: string): Routes =>
  (router) => {
    router.get(healthPath, (ctx) => {
      ctx.body = { status: 'ok', role };
    });
  };
