import { type Routes, traceId } from '../request.ts';
import { healthPath } from './health.ts';

const links = [
  { href: '/api/users', what: 'every user' },
  { href: '/api/users/1', what: 'one user' },
  { href: '/api/users/999', what: 'a user that is not there: 404 and a warning in the log' },
  { href: '/api/orders', what: 'the newest orders, by way of the orders service' },
  { href: '/api/orders/unknown', what: 'an order that is not there' },
  { href: healthPath, what: 'the probe: no trace, no log line' },
];

const order = '{"userId":"1","items":[{"product":"coffee","quantity":2}]}';

/** The way in for a person: every endpoint, and the trace of the visit itself to look up. */
export const home: Routes = (router) => {
  router.get('/', (ctx) => {
    ctx.type = 'html';
    ctx.body = page(traceId() ?? 'none, traces are off', ctx.URL.origin);
  });
};

function page(trace: string, origin: string): string {
  const items = links.map(({ href, what }) => `<li><a href="${href}">${href}</a> ${what}</li>`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Shop</title></head>
<body>
<h1>Shop</h1>
<p>The trace of this page: <code id="trace-id">${trace}</code></p>
<ul>
${items.join('\n')}
</ul>
<p>Place an order:</p>
<pre>curl ${origin}/api/orders -H 'content-type: application/json' -d '${order}'</pre>
</body>
</html>
`;
}
