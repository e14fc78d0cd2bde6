import { adminPrefix } from '../../lib/telemetry/app-paths.ts';
import type { RoleName } from '../config/variables.ts';
import { CrossOrigin, NotFound } from '../http/problems.ts';
import type { RouteContext, Routes } from '../http/request.ts';
import { catalogue, type FaultName, faultNames } from './catalogue.ts';
import type { Faults } from './faults.ts';
import { parseFault } from './parse.ts';

/** The faults that have an effect in the process of the shop. */
export function offeredFaults(processRole: RoleName | 'all'): readonly FaultName[] {
  return faultNames.filter((name) => [catalogue[name].role, 'all'].includes(processRole));
}

/**
 * The switches of the homepage: a fault is started with its default options for its default duration.
 * Without offered faults there is no route.
 */
export const switchFaults =
  (faults: Faults, offered: readonly FaultName[]): Routes =>
  (router) => {
    if (offered.length === 0) return;
    const list = (ctx: RouteContext) => {
      ctx.set('cache-control', 'no-store');
      ctx.body = { active: faults.list() };
    };
    const find = (ctx: RouteContext) => {
      refuseOtherOrigins(ctx);
      const name = offered.find((each) => each === ctx.params.name);
      if (name === undefined) throw new NotFound(`the faults here are ${offered.join(', ')}`);
      return name;
    };
    router.get(adminPrefix, list);
    router.put(`${adminPrefix}/:name`, (ctx) => {
      faults.start(parseFault(find(ctx), {}));
      list(ctx);
    });
    router.delete(`${adminPrefix}/:name`, (ctx) => {
      faults.stop(find(ctx));
      list(ctx);
    });
  };

/**
 * Another page must not start faults in the name of its visitor. Browsers send Sec-Fetch-Site to HTTPS
 * and to localhost (https://www.w3.org/TR/fetch-metadata/), and Origin with every PUT and DELETE.
 */
function refuseOtherOrigins(ctx: RouteContext): void {
  const site = ctx.get('sec-fetch-site');
  const origin = ctx.get('origin');
  const same = site === '' ? origin === '' || hostOf(origin) === ctx.host : site === 'same-origin';
  if (!same) throw new CrossOrigin('only the homepage of the shop may switch faults');
}

/** Undefined for an opaque origin, which is `null`. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
