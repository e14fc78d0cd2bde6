import { OrderStore } from './order-store.ts';

const order = (product: string) => ({ userId: '1', items: [{ product, quantity: 1 }] });
const products = (store: OrderStore) => store.list().map(({ items }) => items[0]?.product);

test('an order is found by the id it was given', () => {
  const store = new OrderStore();
  const placed = store.add(order('tea'));
  expect(store.find(placed.id)).toEqual(placed);
  expect(store.find('unknown')).toBeUndefined();
});

test('the newest come first, and the oldest go when the store is full', () => {
  const store = new OrderStore(2);
  for (const product of ['tea', 'coffee', 'cake']) store.add(order(product));
  expect(products(store)).toEqual(['cake', 'coffee']);
});
