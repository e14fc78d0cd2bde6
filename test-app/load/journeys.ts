/** A response of the shop: its status, or 0 without a response, and its body if that is JSON. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/**
 * A simulated customer, implemented for k6 and for Node, which run the same journeys. `expected` are the
 * statuses that are no failure here, such as that of a declined card.
 */
export interface Customer {
  /** The user id of every request. */
  readonly id: string;
  get(path: string, expected: readonly number[]): Promise<Answer>;
  /** Sends JSON; a string is sent as it is. */
  post(path: string, body: unknown, expected: readonly number[]): Promise<Answer>;
  pause(seconds: number): Promise<void>;
  /** From 0 up to, not including, 1. */
  random(): number;
}

export type Journey = (customer: Customer) => Promise<void>;

/** The number of initial users of the shop, with the ids 1 to this. */
export const knownUsers = 50;

const goodCard = '4242424242424242';
const declinedCard = '4000000000000002';

const ok = [200];
const created = [201];
const refused = [400];
// The simulated provider sometimes declines a valid card, and stock may run out.
const orderAnswers = [201, 402, 409];

/** The homepage, the list of products, a few products. */
async function browse(customer: Customer): Promise<void> {
  const products = await enter(customer);
  if (products.length === 0) return;
  const views = 1 + below(customer, 3);
  for (let view = 0; view < views; view += 1) {
    await customer.get(`/api/products/${popular(customer, products)}`, ok);
    await think(customer);
  }
}

/** Views a product, orders it, and views the order or the list of orders. */
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

/** Creates a user and reads it. */
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

/** Invalid requests, each with its expected status. */
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

/** Sends one of the invalid requests. */
async function mistake(customer: Customer): Promise<void> {
  const make = pick(customer, Object.values(mistakes));
  await make?.(customer);
}

/** A slow request. */
async function slow(customer: Customer): Promise<void> {
  await customer.get(`/api/slow?ms=${500 + below(customer, 2500)}`, ok);
}

/** The error types of `/api/error` with their statuses. */
export const errorAnswers = {
  validation: 400,
  database: 500,
  timeout: 504,
  upstream: 502,
  unhandled: 500,
};

/** A request that fails with a random error type. */
async function error(customer: Customer): Promise<void> {
  const [type, status] = pick(customer, Object.entries(errorAnswers)) ?? ['unhandled', 500];
  await customer.get(`/api/error?type=${type}`, [status]);
}

/** A request through all services. */
async function chain(customer: Customer): Promise<void> {
  await customer.get('/api/chain', ok);
}

/** All journeys. None throws when the shop fails: the journey then ends. */
export const journeys = { browse, order, signUp, mistake, slow, error, chain } satisfies Record<
  string,
  Journey
>;

export type JourneyName = keyof typeof journeys;

/** Requests the homepage and the list of products. @returns the ids of products in stock */
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

/** The pause between two requests. */
function think(customer: Customer): Promise<void> {
  return customer.pause(0.3 + customer.random());
}

/** A random product, the first ones more often, so that there are cache hits. */
function popular({ random }: Customer, products: readonly string[]): string {
  return products[Math.floor(random() ** 2 * products.length)] ?? '';
}

function pick<T>(customer: Customer, list: readonly T[]): T | undefined {
  return list[below(customer, list.length)];
}

function below({ random }: Customer, limit: number): number {
  return Math.floor(random() * limit);
}
