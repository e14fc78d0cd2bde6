import type { Database, Statement, Step } from './database.ts';

export interface Fulfilment {
  readonly number: number;
  readonly orderId: string;
  /** The span that put it here, as W3C trace context. */
  readonly traceparent: string;
}

const table = 'fulfilments';

const added: Statement = {
  operation: 'INSERT',
  table,
  sql: 'INSERT INTO fulfilments (order_id, traceparent) VALUES (?, ?)',
};
const done: Statement = {
  operation: 'DELETE',
  table,
  sql: 'DELETE FROM fulfilments WHERE number = ?',
};

/** The queue of orders that are paid and not yet sent: on disk, so that none is forgotten. */
export class Fulfilments {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** To be written together with the payment: both or none. */
  enqueued(orderId: string, traceparent: string): Step {
    return [added, orderId, traceparent];
  }

  /** To be written together with what was done. */
  finished({ number }: Fulfilment): Step {
    return [done, number];
  }

  oldest(): Fulfilment | undefined {
    return this.database.peek(
      `SELECT number, order_id AS orderId, traceparent FROM ${table} ORDER BY number LIMIT 1`,
    );
  }

  /** How many wait. */
  depth(): number {
    return this.database.peek<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n ?? 0;
  }
}
