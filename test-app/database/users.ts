import type { Database, Statement } from './database.ts';
import { currencies } from './schema.ts';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
}

const columns = 'CAST(id AS TEXT) AS id, name, currency';

const first: Statement = {
  operation: 'SELECT',
  table: 'users',
  sql: `SELECT ${columns} FROM users ORDER BY users.id LIMIT 100`,
};
const byId: Statement = {
  operation: 'SELECT',
  table: 'users',
  sql: `SELECT ${columns} FROM users WHERE users.id = ?`,
};
const added: Statement = {
  operation: 'INSERT',
  table: 'users',
  sql: `INSERT INTO users (name, currency) VALUES (?, ?) RETURNING ${columns}`,
};
/** Limits the sign-ups of load tests. */
const oldSignups: Statement = {
  operation: 'DELETE',
  table: 'users',
  sql: 'DELETE FROM users WHERE id > 50 AND id <= (SELECT max(id) FROM users) - 5000',
};

/** The customers of the shop. */
export class Users {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** The first 100. */
  list(): Promise<User[]> {
    return this.database.all(first);
  }

  find(id: string): Promise<User | undefined> {
    return this.database.get(byId, id);
  }

  async add(name: string): Promise<User> {
    const currency = currencies[name.length % currencies.length] ?? currencies[0];
    const user = await this.database.get<User>(added, name, currency);
    if (user === undefined) throw new Error('the database gave no new user');
    if (Number(user.id) % 1000 === 0) await this.database.write([oldSignups]);
    return user;
  }
}
