import type { Customer } from '../journeys.ts';
import { routeName } from '../route-name.ts';
import { respondAs } from './fake-shop.ts';

/** A request of a fake customer. */
export interface SentRequest {
  readonly name: string;
  readonly path: string;
  readonly status: number;
  readonly expected: readonly number[];
}

type Respond = (method: string, path: string, body?: string) => { status: number; body: unknown };

/** A customer without a network or pauses, and its requests. */
export function fakeCustomer(random: () => number, respond: Respond = respondAs) {
  const asked: SentRequest[] = [];
  const send = (
    method: 'GET' | 'POST',
    path: string,
    expected: readonly number[],
    body?: string,
  ) => {
    const answer = respond(method, path, body);
    asked.push({ name: routeName(method, path), path, status: answer.status, expected });
    return { status: answer.status, json: answer.body };
  };
  const customer: Customer = {
    id: '7',
    random,
    get: async (path, expected) => send('GET', path, expected),
    post: async (path, body, expected) =>
      send('POST', path, expected, typeof body === 'string' ? body : JSON.stringify(body)),
    pause: async () => {},
  };
  return { customer, asked };
}

/** Evenly distributed numbers, the same each time. */
export function evenly(): () => number {
  let last = 0;
  return () => {
    last = (last + (Math.sqrt(5) - 1) / 2) % 1;
    return last;
  };
}
