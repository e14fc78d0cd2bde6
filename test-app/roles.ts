import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'winston';
import type { Reader, RoleName } from './config/variables.ts';
import { Cache } from './database/cache.ts';
import { Database } from './database/database.ts';
import { type Product, Products } from './database/products.ts';
import { Users } from './database/users.ts';
import type { Faults } from './faults/faults.ts';
import { offeredFaults, switchFaults } from './faults/switches.ts';
import { Peer } from './http/peer.ts';
import type { Routes } from './http/request.ts';
import { FulfilmentQueue } from './orders/fulfilment-queue.ts';
import { Orders } from './orders/order-table.ts';
import { assets } from './page/assets.ts';
import { provider } from './payments/provider.ts';
import { ProviderClient } from './payments/provider-client.ts';
import { chain } from './routes/chain.ts';
import { error } from './routes/error.ts';
import { health } from './routes/health.ts';
import { home } from './routes/home.ts';
import { logLevels } from './routes/log-levels.ts';
import { orders } from './routes/orders.ts';
import { payments } from './routes/payments.ts';
import { products } from './routes/products.ts';
import { proxied } from './routes/proxied.ts';
import { proxiedOrders } from './routes/proxied-orders.ts';
import { reservations } from './routes/reservations.ts';
import { slow } from './routes/slow.ts';
import { users } from './routes/users.ts';
import type { Random } from './simulation/random.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** The dependencies of a role. */
export interface RoleProps {
  readonly read: Reader;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly faults: Faults;
  readonly random: Random;
  /** Aborted when the process receives SIGTERM. */
  readonly stopping: AbortSignal;
}

/** One service of the shop: its routes, and how to stop its background work. */
export interface Role {
  readonly routes: readonly Routes[];
  stop?(): Promise<void>;
}

/**
 * Creates each role. To add one, add its name in config/variables.ts, an entry here and its routes.
 */
const roles: Record<RoleName, (props: RoleProps) => Role | Promise<Role>> = {
  /** The front end for customers. */
  shop({ read, logger, faults, random }) {
    const ordersPeer = new Peer('orders', read('ORDERS_URL'));
    const inventoryPeer = new Peer('inventory', read('INVENTORY_URL'));
    const offered = read('FAULT_SWITCHES') ? offeredFaults(read('ROLE')) : [];
    return {
      routes: [
        home({ grafana: read('GRAFANA_URL'), dashboards: read('DASHBOARDS'), faults: offered }),
        assets,
        switchFaults(faults, offered),
        proxied(ordersPeer),
        proxiedOrders(ordersPeer, inventoryPeer),
        slow(random),
        error,
        logLevels(logger),
        chain('shop', inventoryPeer),
      ],
    };
  },

  /** Has the database and the fulfilment queue. */
  orders({ read, logger, metrics, faults, random }) {
    const database = new Database({ path: read('DATABASE'), metrics, faults, random });
    const store = new Orders(database);
    const catalogue = new Products(database);
    const customers = new Users(database);
    const paymentsPeer = new Peer('payments', read('PAYMENTS_URL'));
    const queue = new FulfilmentQueue({ database, orders: store, metrics, logger, random });
    const worker = queue.start();
    return {
      routes: [
        users(customers, metrics),
        products(catalogue),
        orders({ store, catalogue, customers, payments: paymentsPeer, queue, metrics, logger }),
        chain('orders', paymentsPeer),
      ],
      // The database stays open for the last export of metrics.
      stop: worker.stop,
    };
  },

  /** Checks the stock, with a cache of the products of the orders service. */
  inventory({ read, logger, metrics, faults }) {
    const ordersPeer = new Peer('orders', read('ORDERS_URL'));
    const stock = new Cache<Product>({
      name: 'products',
      size: read('CACHE_SIZE'),
      metrics,
      logger,
      faults,
    });
    return { routes: [reservations(stock, ordersPeer), chain('inventory', ordersPeer)] };
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

/** Creates a role with the routes for probes. */
export async function createRole(name: RoleName, props: RoleProps): Promise<Role> {
  const role = await roles[name](props);
  return { ...role, routes: [health(name, props.stopping), ...role.routes] };
}
