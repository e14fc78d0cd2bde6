import { livePath, readyPath } from '../../lib/telemetry/app-paths.ts';
import type { Routes } from '../request.ts';

/**
 * Whether this process serves requests, and whether it should be given any: not once it is told to
 * stop. Neither asks another service: a probe that fails with its upstream restarts the healthy half
 * of an outage.
 *
 * @param stopping aborted when the process is told to stop
 */
export const health =
  (role: string, stopping: AbortSignal): Routes =>
  (router) => {
    router.get(livePath, (ctx) => {
      ctx.body = { status: 'ok', role };
    });
    router.get(readyPath, (ctx) => {
      ctx.status = stopping.aborted ? 503 : 200;
      ctx.body = { status: stopping.aborted ? 'stopping' : 'ok', role };
    });
  };
