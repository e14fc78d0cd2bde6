import { InvalidRequest } from '../http/problems.ts';
import { basketSize, parseOrder } from './order.ts';

const coffee = { product: 'coffee', quantity: 2 };

function detailsOf(body: unknown): readonly string[] {
  try {
    parseOrder(body);
  } catch (error) {
    if (error instanceof InvalidRequest) return error.details;
    throw error;
  }
  return [];
}

test('parseOrder drops unknown fields', () => {
  const body = { userId: '1', items: [{ ...coffee, price: 0 }], discount: 100 };
  expect(parseOrder(body)).toEqual({ userId: '1', items: [coffee] });
});

test.each([
  [null, 'userId must be a string of 1 to 100 characters, got nothing'],
  [{ items: [coffee] }, 'userId must be a string of 1 to 100 characters, got nothing'],
  [{ userId: 1, items: [coffee] }, 'userId must be a string of 1 to 100 characters, got 1'],
  [{ userId: '1' }, 'items must be a list of 1 to 50, got nothing'],
  [{ userId: '1', items: [] }, 'items must be a list of 1 to 50, got []'],
  [{ userId: '1', items: ['tea'] }, 'items[0].product must be a string of 1 to 100 characters'],
  [
    { userId: '1', items: [coffee, { product: 'tea', quantity: 0.5 }] },
    'items[1].quantity must be a whole number from 1 to 100, got 0.5',
  ],
  [
    { userId: '1', items: [{ product: 'x'.repeat(101), quantity: 1 }] },
    'items[0].product must be a string of 1 to 100 characters, got "xxx',
  ],
])('%j is refused', (body, detail) => {
  expect(detailsOf(body).join('\n')).toContain(detail);
});

test.each([4242424242424242, '4242', 'x'.repeat(16)])(
  'the card %j is refused without its value in the message',
  (card) => {
    expect(detailsOf({ userId: '1', items: [coffee], card })).toEqual([
      'card must be a string of 13 to 19 digits',
    ]);
  },
);

test('the error lists all problems', () => {
  expect(detailsOf({ items: [{}] })).toHaveLength(3);
});

test('basketSize counts pieces, not items', () => {
  const items = [coffee, { product: 'tea', quantity: 3 }];
  expect(basketSize({ items })).toBe(5);
});
