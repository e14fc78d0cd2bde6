import type { Logger } from 'winston';
import { type Environment, readUrl } from './environment.ts';
import type { Metrics } from './metrics.ts';
import { OrderStore } from './order-store.ts';
import { Peer } from './peer.ts';
import type { Routes } from './request.ts';
import { health } from './routes/health.ts';
import { home } from './routes/home.ts';
import { orders } from './routes/orders.ts';
import { relayedOrders } from './routes/relayed-orders.ts';
import { users } from './routes/users.ts';

/** What a role is made from: the process's environment and its telemetry. */
export interface Parts {
  readonly env: Environment;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * What the one image can be. A role is the routes it serves; it reads the variables that it alone
 * needs. To add one, add an entry here and its routes.
 */
export const roles = {
  /** The front: what a customer talks to. */
  shop({ env }: Parts): Routes[] {
    const ordersService = new Peer('orders', readUrl(env, 'ORDERS_URL', 'http://orders:5000'));
    return [home, users, relayedOrders(ordersService)];
  },

  /** Owns the orders. */
  orders({ logger, metrics }: Parts): Routes[] {
    return [orders(new OrderStore(), metrics, logger)];
  },
} satisfies Record<string, (parts: Parts) => Routes[]>;

export type RoleName = keyof typeof roles;
export const roleNames = Object.keys(roles) as RoleName[];

/** Everything a process of this role serves; each also says that it is alive. */
export function routesOf(role: RoleName, parts: Parts): Routes[] {
  return [health(role), ...roles[role](parts)];
}
