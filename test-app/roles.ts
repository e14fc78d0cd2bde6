import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'winston';
import { Cache } from './cache.ts';
import { Database } from './database/database.ts';
import { Orders } from './database/orders.ts';
import { type Product, Products } from './database/products.ts';
import { Users } from './database/users.ts';
import type { Faults } from './faults/faults.ts';
import { FulfilmentQueue } from './fulfilment.ts';
import type { Metrics } from './metrics.ts';
import { provider } from './payments/provider.ts';
import { ProviderClient } from './payments/provider-client.ts';
import { Peer } from './peer.ts';
import type { Random } from './random.ts';
import type { Routes } from './request.ts';
import { chain } from './routes/chain.ts';
import { error } from './routes/error.ts';
import { health } from './routes/health.ts';
import { home } from './routes/home.ts';
import { orders } from './routes/orders.ts';
import { payments } from './routes/payments.ts';
import { products } from './routes/products.ts';
import { relayed } from './routes/relayed.ts';
import { relayedOrders } from './routes/relayed-orders.ts';
import { reservations } from './routes/reservations.ts';
import { slow } from './routes/slow.ts';
import { users } from './routes/users.ts';
import type { Reader, RoleName } from './variables.ts';

/** What a role is made from: the process's environment, its telemetry and its simulation. */
export interface Parts {
  readonly read: Reader;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly faults: Faults;
  readonly random: Random;
  /** Aborted when the process is told to stop. */
  readonly stopping: AbortSignal;
}

/** One part of the shop: what it serves, and what goes on beside that. */
export interface Role {
  readonly routes: readonly Routes[];
  stop?(): Promise<void>;
}

/**
 * What the one image can be. To add a role, add its name in variables.ts, an entry here and its
 * routes.
 */
const roles: Record<RoleName, (parts: Parts) => Role | Promise<Role>> = {
  /** The front: what a customer talks to. */
  shop({ read, random }) {
    const owner = new Peer('orders', read('ORDERS_URL'));
    const inventory = new Peer('inventory', read('INVENTORY_URL'));
    return {
      routes: [
        home(read('GRAFANA_URL'), read('DASHBOARDS')),
        relayed(owner),
        relayedOrders(owner, inventory),
        slow(random),
        error,
        chain('shop', inventory),
      ],
    };
  },

  /** Owns the data, and the queue of what is still to be sent. */
  orders({ read, logger, metrics, faults, random }) {
    const database = new Database({ path: read('DATABASE'), metrics, faults, random });
    const store = new Orders(database);
    const catalogue = new Products(database);
    const customers = new Users(database);
    const bank = new Peer('payments', read('PAYMENTS_URL'));
    const queue = new FulfilmentQueue({ database, orders: store, metrics, logger, random });
    const worker = queue.start();
    return {
      routes: [
        users(customers, metrics),
        products(catalogue),
        orders({ store, catalogue, customers, bank, queue, metrics, logger }),
        chain('orders', bank),
      ],
      // The database stays open: the last metrics are read from it, and a commit is on disk.
      stop: worker.stop,
    };
  },

  /** Knows what is in stock, from a cache in front of the owner of the data. */
  inventory({ read, metrics, faults }) {
    const owner = new Peer('orders', read('ORDERS_URL'));
    const stock = new Cache<Product>({
      name: 'products',
      size: read('CACHE_SIZE'),
      metrics,
      faults,
    });
    return { routes: [reservations(stock, owner), chain('inventory', owner)] };
  },

  /** Talks to the payment provider. */
  async payments({ metrics, faults, random, logger }) {
    const server = provider({ random, faults }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new ProviderClient({ url: `http://127.0.0.1:${port}`, metrics, logger });
    return {
      routes: [payments(client, metrics, logger), chain('payments')],
      async stop() {
        server.closeAllConnections();
        server.close();
      },
    };
  },
};

/** Makes a role; each also says whether it is alive, and whether it is ready. */
export async function makeRole(name: RoleName, parts: Parts): Promise<Role> {
  const role = await roles[name](parts);
  return { ...role, routes: [health(name, parts.stopping), ...role.routes] };
}
