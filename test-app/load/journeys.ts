/** What the shop said: its status, or 0 when no answer came, and the body where that is JSON. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/**
 * One person at the shop, as an engine provides it: k6 and Node drive the same journeys. `expected`
 * are the statuses that are right here, so a declined card is no failure of the shop.
 */
export interface Customer {
  /** Who it is: the shop is told so with every request. */
  readonly id: string;
  get(path: string, expected: readonly number[]): Promise<Answer>;
  /** Sends JSON; a string is sent as it is. */
  post(path: string, body: unknown, expected: readonly number[]): Promise<Answer>;
  pause(seconds: number): Promise<void>;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export type Journey = (customer: Customer) => Promise<void>;

/** Users that every shop has, with the ids 1 to this. */
export const knownUsers = 50;

const goodCard = '4242424242424242';
const declinedCard = '4000000000000002';

const ok = [200];
const created = [201];
const refused = [400];
// The simulated bank declines a good card now and then, and others may have bought the last piece.
const orderAnswers = [201, 402, 409];

/** Looks around: the page, the list, a few products. */
async function browse(customer: Customer): Promise<void> {
  const products = await enter(customer);
  if (products.length === 0) return;
  const views = 1 + below(customer, 3);
  for (let view = 0; view < views; view += 1) {
    await customer.get(`/api/products/${popular(customer, products)}`, ok);
    await think(customer);
  }
}

/** Looks at a product, orders and pays it, and looks at the order, or at all of them. */
async function order(customer: Customer): Promise<void> {
  const products = await enter(customer);
  if (products.length === 0) return;
  const product = popular(customer, products);
  await customer.get(`/api/products/${product}`, ok);
  await think(customer);
  const items = [{ product, quantity: 1 + below(customer, 3) }];
  const body = { userId: customer.id, items, card: goodCard };
  const answer = await customer.post('/api/orders', body, orderAnswers);
  const id = idOf(answer);
  if (answer.status !== 201 || id === undefined) return;
  await think(customer);
  await customer.get(customer.random() < 0.8 ? `/api/orders/${id}` : '/api/orders', ok);
}

/** Becomes a customer, and looks whether it worked. */
async function signUp(customer: Customer): Promise<void> {
  await customer.get('/', ok);
  await think(customer);
  const name = `Visitor ${below(customer, 1000)}`;
  const id = idOf(await customer.post('/api/users', { name }, created));
  if (id === undefined) return;
  await think(customer);
  await customer.get(`/api/users/${id}`, ok);
  if (customer.random() < 0.2) await customer.get('/api/users', ok);
}

/** What people get wrong. Each has the answer that says so, and none is the shop's fault. */
export const mistakes = {
  badJson: (customer) => customer.post('/api/orders', '{"userId": ', refused),
  missingFields: (customer) => customer.post('/api/orders', {}, refused),
  negativeQuantity: (customer) => {
    const items = [{ product: 'coffee', quantity: -1 }];
    return customer.post('/api/orders', { userId: customer.id, items, card: goodCard }, refused);
  },
  unknownProduct: (customer) => {
    const items = [{ product: 'unicorn', quantity: 1 }];
    return customer.post('/api/orders', { userId: customer.id, items, card: goodCard }, refused);
  },
  unknownUser: (customer) => customer.get('/api/users/999', [404]),
  declinedCard: (customer) => {
    const items = [{ product: 'tea', quantity: 1 }];
    const body = { userId: customer.id, items, card: declinedCard };
    return customer.post('/api/orders', body, [402, 409]);
  },
} satisfies Record<string, (customer: Customer) => Promise<Answer>>;

/** Makes one of the mistakes. */
async function mistake(customer: Customer): Promise<void> {
  const make = pick(customer, Object.values(mistakes));
  await make?.(customer);
}

/** Asks for an answer that takes its time. */
async function slow(customer: Customer): Promise<void> {
  await customer.get(`/api/slow?ms=${500 + below(customer, 2500)}`, ok);
}

/** The ways in which the shop fails on purpose, each with the answer that it then gives. */
export const errorAnswers = {
  validation: 400,
  database: 500,
  timeout: 504,
  upstream: 502,
  unhandled: 500,
};

/** Makes the shop fail in one of the ways that it knows. */
async function error(customer: Customer): Promise<void> {
  const [type, status] = pick(customer, Object.entries(errorAnswers)) ?? ['unhandled', 500];
  await customer.get(`/api/error?type=${type}`, [status]);
}

/** A call that goes through all of the services. */
async function chain(customer: Customer): Promise<void> {
  await customer.get('/api/chain', ok);
}

/** Everything that people do at the shop. None throws when the shop fails: people then leave. */
export const journeys = { browse, order, signUp, mistake, slow, error, chain } satisfies Record<
  string,
  Journey
>;

export type JourneyName = keyof typeof journeys;

/** Comes in and reads the list. Gives the ids of what is in stock; of nothing if there is no list. */
async function enter(customer: Customer): Promise<string[]> {
  const page = await customer.get('/', ok);
  if (page.status !== 200) return [];
  await think(customer);
  const { json } = await customer.get('/api/products', ok);
  await think(customer);
  return Array.isArray(json) ? json.flatMap(inStock) : [];
}

function inStock(product: unknown): string[] {
  const { id, stock } = isRecord(product) ? product : {};
  return typeof id === 'string' && stock !== 0 ? [encodeURIComponent(id)] : [];
}

function idOf({ json }: Answer): string | undefined {
  const { id } = isRecord(json) ? json : {};
  return typeof id === 'string' || typeof id === 'number'
    ? encodeURIComponent(String(id))
    : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What people do between two clicks. */
function think(customer: Customer): Promise<void> {
  return customer.pause(0.3 + customer.random());
}

/** One of the list, the first ones more often: so caches have something to hit. */
function popular({ random }: Customer, products: readonly string[]): string {
  return products[Math.floor(random() ** 2 * products.length)] ?? '';
}

function pick<T>(customer: Customer, list: readonly T[]): T | undefined {
  return list[below(customer, list.length)];
}

function below({ random }: Customer, limit: number): number {
  return Math.floor(random() * limit);
}
