import type Libsql from 'libsql';

export const schema = `
CREATE TABLE IF NOT EXISTS users (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT NOT NULL,
  currency   TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS products (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  cents      INTEGER NOT NULL,
  stock      INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS orders (
  number     INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  user_id    TEXT NOT NULL,
  items      TEXT NOT NULL,
  cents      INTEGER NOT NULL,
  currency   TEXT NOT NULL,
  status     TEXT NOT NULL,
  placed_at  TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS fulfilments (
  number      INTEGER PRIMARY KEY AUTOINCREMENT,
  order_id    TEXT NOT NULL,
  traceparent TEXT NOT NULL
);
`;

export const currencies = ['EUR', 'USD', 'GBP'] as const;

const names = ['Ada', 'Grace', 'Katherine', 'Hedy', 'Annie', 'Radia', 'Barbara', 'Frances'];

/** Initial users, with the ids 1 to 50. */
const seededUsers = 50;

const products = [
  ['coffee', 'Coffee beans', 1290],
  ['espresso', 'Espresso beans', 1490],
  ['decaf', 'Decaffeinated beans', 1390],
  ['tea', 'Black tea', 690],
  ['green-tea', 'Green tea', 790],
  ['rooibos', 'Rooibos', 650],
  ['mug', 'Mug', 900],
  ['cup', 'Espresso cup', 750],
  ['glass', 'Glass', 500],
  ['kettle', 'Kettle', 4900],
  ['grinder', 'Grinder', 8900],
  ['scale', 'Scale', 3900],
  ['filter', 'Paper filters', 350],
  ['dripper', 'Dripper', 2200],
  ['press', 'French press', 3500],
  ['moka', 'Moka pot', 3200],
  ['milk-jug', 'Milk jug', 1900],
  ['tamper', 'Tamper', 2900],
  ['biscuits', 'Biscuits', 420],
  ['machine', 'Espresso machine', 64900],
] as const;

/** Inserts the initial users and products. */
export function seed(driver: Libsql.Database): void {
  const addUser = driver.prepare(
    'INSERT OR IGNORE INTO users (id, name, currency) VALUES (?, ?, ?)',
  );
  const addProduct = driver.prepare('INSERT OR IGNORE INTO products VALUES (?, ?, ?, ?)');
  driver.transaction(() => {
    for (let id = 1; id <= seededUsers; id += 1) {
      addUser.run([id, names[id % names.length], currencies[id % currencies.length]]);
    }
    for (const [id, name, cents] of products) addProduct.run([id, name, cents, stockOf(cents)]);
  })();
}

function stockOf(cents: number): number {
  return cents > 50_000 ? 3 : 80;
}
