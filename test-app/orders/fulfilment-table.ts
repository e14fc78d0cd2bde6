import type { Database, Statement, Step } from '../database/database.ts';

export interface Fulfilment {
  readonly number: number;
  readonly orderId: string;
  /** The span that enqueued it, as W3C trace context. */
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

/** The table of paid orders that are not fulfilled yet. */
export class Fulfilments {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** A step for the transaction of the payment. */
  enqueueStep(orderId: string, traceparent: string): Step {
    return [added, orderId, traceparent];
  }

  /** A step for the transaction of the fulfilment. */
  removeStep({ number }: Fulfilment): Step {
    return [done, number];
  }

  oldest(): Fulfilment | undefined {
    return this.database.peek(
      `SELECT number, order_id AS orderId, traceparent FROM ${table} ORDER BY number LIMIT 1`,
    );
  }

  /** Number of entries. */
  depth(): number {
    return this.database.peek<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n ?? 0;
  }
}
