import type { Database, Statement } from './database.ts';

export interface Product {
  readonly id: string;
  readonly name: string;
  /** In cents. */
  readonly cents: number;
  readonly stock: number;
}

const all: Statement = {
  operation: 'SELECT',
  table: 'products',
  sql: 'SELECT id, name, cents, stock FROM products ORDER BY id',
};
const byId: Statement = {
  operation: 'SELECT',
  table: 'products',
  sql: 'SELECT id, name, cents, stock FROM products WHERE id = ?',
};
const byIds: Statement = {
  operation: 'SELECT',
  table: 'products',
  sql: 'SELECT id, name, cents, stock FROM products WHERE id IN (SELECT value FROM json_each(?))',
};

/** What the shop sells. */
export class Products {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  list(): Promise<Product[]> {
    return this.database.all(all);
  }

  find(id: string): Promise<Product | undefined> {
    return this.database.get(byId, id);
  }

  /** Unknown ids are left out. */
  findAll(ids: readonly string[]): Promise<Product[]> {
    return this.database.all(byIds, JSON.stringify(ids));
  }
}
