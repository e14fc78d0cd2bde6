import type { Database, Statement, Step } from '../database/database.ts';
import type { Order } from './order.ts';

type Row = Omit<Order, 'items'> & { readonly items: string };

const columns = 'id, user_id AS userId, items, cents, currency, status, placed_at AS placedAt';

const newest: Statement = {
  operation: 'SELECT',
  table: 'orders',
  sql: `SELECT ${columns} FROM orders ORDER BY number DESC LIMIT 50`,
};
const byId: Statement = {
  operation: 'SELECT',
  table: 'orders',
  sql: `SELECT ${columns} FROM orders WHERE id = ?`,
};
const added: Statement = {
  operation: 'INSERT',
  table: 'orders',
  sql: 'INSERT INTO orders (id, user_id, items, cents, currency, status, placed_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
};
const changed: Statement = {
  operation: 'UPDATE',
  table: 'orders',
  sql: 'UPDATE orders SET status = ? WHERE id = ?',
};
/** Limits the orders of load tests. */
const old: Statement = {
  operation: 'DELETE',
  table: 'orders',
  sql: 'DELETE FROM orders WHERE number <= (SELECT max(number) FROM orders) - ?',
};

/** The table of orders, of which the newest are kept. */
export class Orders {
  private readonly database: Database;
  private readonly kept: number;
  private sinceCleaned = 0;

  /** @param kept the minimum number of orders that are kept */
  constructor(database: Database, kept = 10_000) {
    this.database = database;
    this.kept = kept;
  }

  /** The newest 50. */
  async list(): Promise<Order[]> {
    return (await this.database.all<Row>(newest)).map(fromRow);
  }

  async find(id: string): Promise<Order | undefined> {
    const row = await this.database.get<Row>(byId, id);
    return row && fromRow(row);
  }

  async add(order: Order): Promise<void> {
    const { id, userId, items, cents, currency, status, placedAt } = order;
    const itemsText = JSON.stringify(items);
    await this.database.write([added, id, userId, itemsText, cents, currency, status, placedAt]);
    this.sinceCleaned += 1;
    if (this.sinceCleaned < this.kept / 10) return;
    this.sinceCleaned = 0;
    await this.database.write([old, this.kept]);
  }

  /** A step that changes the status of an order. */
  statusChange(id: string, status: Order['status']): Step {
    return [changed, status, id];
  }

  /** Runs the steps in one transaction. */
  write(...steps: readonly [Step, ...Step[]]): Promise<void> {
    return this.database.write(...steps);
  }

  setStatus(id: string, status: Order['status']): Promise<void> {
    return this.database.write(this.statusChange(id, status));
  }
}

function fromRow(row: Row): Order {
  return { ...row, items: JSON.parse(row.items) };
}
