const routes = new Set([
  '/',
  '/api/products',
  '/api/products/:id',
  '/api/users',
  '/api/users/:id',
  '/api/orders',
  '/api/orders/:id',
  '/api/slow',
  '/api/error',
  '/api/chain',
]);

/** A request's name: its method and its route. There are only so many, whatever the path holds. */
export function routeName(method: 'GET' | 'POST', path: string): string {
  const [place = ''] = path.split('?');
  const route = place.replace(/^(\/api\/(?:products|users|orders))\/[^/]+$/, '$1/:id');
  return `${method} ${routes.has(route) ? route : 'other'}`;
}
