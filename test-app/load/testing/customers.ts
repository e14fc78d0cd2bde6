import type { Customer } from '../journeys.ts';
import { routeName } from '../route-name.ts';
import { answerAs } from './fake-shop.ts';

/** A request as a test looks at it. */
export interface Asked {
  readonly name: string;
  readonly path: string;
  readonly status: number;
  readonly expected: readonly number[];
}

type Ask = (method: string, path: string, body?: string) => { status: number; body: unknown };

/** A customer without a network or a clock, and what it asked. */
export function fakeCustomer(random: () => number, ask: Ask = answerAs) {
  const asked: Asked[] = [];
  const send = (
    method: 'GET' | 'POST',
    path: string,
    expected: readonly number[],
    body?: string,
  ) => {
    const answer = ask(method, path, body);
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

/** Numbers that are spread evenly and are the same each time. */
export function evenly(): () => number {
  let last = 0;
  return () => {
    last = (last + (Math.sqrt(5) - 1) / 2) % 1;
    return last;
  };
}
