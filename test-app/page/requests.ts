import { healthPath, livePath, readyPath } from '../../lib/telemetry/app-paths.ts';

/** A request that the homepage can send. */
export interface PageRequest {
  readonly label: string;
  readonly path: string;
  /** The JSON of a POST. @default - a GET */
  readonly body?: object;
}

export interface RequestGroup {
  readonly title: string;
  readonly requests: readonly PageRequest[];
}

const order = (card: string) => ({
  userId: '1',
  items: [{ product: 'coffee', quantity: 2 }],
  card,
});

/** The order of the homepage's curl line. */
export const paidOrder = order('4242424242424242');

export const requestGroups: readonly RequestGroup[] = [
  {
    title: 'Browse',
    requests: [
      { label: 'List the products', path: '/api/products' },
      { label: 'One product', path: '/api/products/coffee' },
      { label: 'List the customers', path: '/api/users' },
      { label: 'One customer', path: '/api/users/1' },
      { label: 'Sign up a customer', path: '/api/users', body: { name: 'Lise' } },
      { label: 'Call all four services', path: '/api/chain' },
    ],
  },
  {
    title: 'Orders',
    requests: [
      { label: 'Place an order', path: '/api/orders', body: paidOrder },
      { label: 'Pay with a declined card', path: '/api/orders', body: order('4000000000000002') },
      { label: 'List the newest orders', path: '/api/orders' },
      { label: 'An unknown order', path: '/api/orders/unknown' },
    ],
  },
  {
    title: 'Slow',
    requests: [
      { label: 'Wait 0.8 s', path: '/api/slow?ms=800' },
      { label: 'Wait 2 to 5 s', path: '/api/slow' },
    ],
  },
  {
    title: 'Errors',
    requests: [
      { label: 'A bug, with a stack trace', path: '/api/error' },
      { label: 'An invalid request', path: '/api/error?type=validation' },
      { label: 'The database fails', path: '/api/error?type=database' },
      { label: 'A service is too slow', path: '/api/error?type=timeout' },
      { label: 'A service is unavailable', path: '/api/error?type=upstream' },
      { label: 'An unknown customer', path: '/api/users/999999' },
    ],
  },
  {
    title: 'Logs and health',
    requests: [
      { label: 'A log line of each severity', path: '/api/log-levels' },
      { label: 'Health: no trace', path: healthPath },
      { label: 'Liveness: no telemetry', path: livePath },
      { label: 'Readiness: no telemetry', path: readyPath },
    ],
  },
];

export function methodOf({ body }: PageRequest): 'GET' | 'POST' {
  return body === undefined ? 'GET' : 'POST';
}
