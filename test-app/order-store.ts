import { randomUUID } from 'node:crypto';
import type { NewOrder, Order } from './order.ts';

/**
 * The orders, in memory: each replica has its own, gone with the process. Old ones make room for
 * new ones, so that a load test does not become a leak.
 */
export class OrderStore {
  private readonly orders = new Map<string, Order>();
  private readonly capacity: number;

  constructor(capacity = 1000) {
    this.capacity = capacity;
  }

  add(order: NewOrder): Order {
    const placed: Order = { id: randomUUID(), ...order, placedAt: new Date().toISOString() };
    this.orders.set(placed.id, placed);
    const [oldest] = this.orders.keys();
    if (this.orders.size > this.capacity && oldest !== undefined) this.orders.delete(oldest);
    return placed;
  }

  find(id: string | undefined): Order | undefined {
    return id === undefined ? undefined : this.orders.get(id);
  }

  /** The newest first. */
  list(limit = 50): Order[] {
    return [...this.orders.values()].slice(-limit).reverse();
  }
}
