import type { Logger } from 'winston';
import type { Routes } from '../http/request.ts';
import { logLevels as levels } from '../telemetry/logger.ts';

/** Logs a line of each severity, so that a person sees what becomes of it in Loki and Grafana. */
export const logLevels =
  (logger: Logger): Routes =>
  (router) => {
    router.get('/api/log-levels', (ctx) => {
      for (const level of levels) logger.log(level, `a line of severity ${level}`);
      ctx.body = { levels };
    });
  };
