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

/** Method and route of a request: of bounded cardinality, whatever the path. */
export function routeName(method: 'GET' | 'POST', path: string): string {
  const [place = ''] = path.split('?');
  const route = place.replace(/^(\/api\/(?:products|users|orders))\/[^/]+$/, '$1/:id');
  return `${method} ${routes.has(route) ? route : 'other'}`;
}
