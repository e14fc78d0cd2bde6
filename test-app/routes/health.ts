import type { Routes } from '../request.ts';

/** Where the kubelet asks. Telemetry and the access log leave this path out. */
export const healthPath = '/health';

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
