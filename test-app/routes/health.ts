import { healthPath, livePath, readyPath } from '../../lib/telemetry/app-paths.ts';
import type { Routes } from '../http/request.ts';

/**
 * The paths of the liveness and readiness probes, and readiness for people and uptime monitors; readiness
 * fails during the shutdown. None depends on other services, because that would restart healthy pods
 * during an outage.
 *
 * @param stopping aborted when the process receives SIGTERM
 */
export const health =
  (role: string, stopping: AbortSignal): Routes =>
  (router) => {
    router.get(livePath, (ctx) => {
      ctx.body = { status: 'ok', role };
    });
    for (const path of [readyPath, healthPath]) {
      router.get(path, (ctx) => {
        ctx.status = stopping.aborted ? 503 : 200;
        ctx.body = { status: stopping.aborted ? 'stopping' : 'ok', role };
      });
    }
  };
