import { routeName } from './route-name.ts';

test.each([
  ['/', 'GET /'],
  ['/api/products', 'GET /api/products'],
  ['/api/products/green-tea', 'GET /api/products/:id'],
  ['/api/users/7', 'GET /api/users/:id'],
  ['/api/orders/1f8c-22', 'GET /api/orders/:id'],
  ['/api/slow?ms=1500', 'GET /api/slow'],
  ['/api/error?type=database', 'GET /api/error'],
])('%s is named %s', (path, name) => {
  expect(routeName('GET', path)).toBe(name);
});

test('unknown paths share one name', () => {
  expect(routeName('POST', '/api/orders/1/2')).toBe('POST other');
  expect(routeName('GET', '/api/unknown?id=1')).toBe('GET other');
  expect(routeName('GET', '')).toBe('GET other');
});
