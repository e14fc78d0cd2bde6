import { healthPath, probePaths } from '../../lib/telemetry/app-paths.ts';
import { type Routes, traceId } from '../http/request.ts';

const links = [
  { href: '/api/products', what: 'what there is to buy' },
  { href: '/api/products/coffee', what: 'one product' },
  { href: '/api/users', what: 'the customers, by way of the orders service and its database' },
  { href: '/api/users/1', what: 'one customer' },
  { href: '/api/users/999999', what: 'a customer that is not there: 404 and a warning in the log' },
  { href: '/api/orders', what: 'the newest orders' },
  { href: '/api/orders/unknown', what: 'an order that is not there' },
  { href: '/api/slow', what: '2 to 5 seconds' },
  { href: '/api/slow?ms=800', what: 'as long as you say, up to 10 seconds' },
  { href: '/api/error', what: 'a bug: 500, with a stack trace in the log' },
  { href: '/api/error?type=validation', what: 'a mistake of the caller' },
  { href: '/api/error?type=database', what: 'a database that fails' },
  { href: '/api/error?type=timeout', what: 'a service that takes too long' },
  { href: '/api/error?type=upstream', what: 'a service that is away' },
  { href: '/api/log-levels', what: 'a log line of each severity, from debug to fatal' },
  { href: '/api/chain', what: 'one request through all four services' },
  { href: healthPath, what: 'the state of this pod: no trace' },
  ...probePaths.map((href) => ({ href, what: 'a probe: no trace, no log line' })),
];

const order =
  '{"userId":"1","items":[{"product":"coffee","quantity":2}],"card":"4242424242424242"}';

/** The homepage: links to every endpoint, to Grafana, and to the trace of the request. */
export const home =
  (grafana: string, dashboards: readonly string[]): Routes =>
  (router) => {
    router.get('/', (ctx) => {
      ctx.type = 'html';
      ctx.body = page(ctx.URL.origin, grafana, dashboards);
    });
  };

function page(origin: string, grafana: string, dashboards: readonly string[]): string {
  const items = links.map(({ href, what }) => link(href, href, what));
  const boards = dashboards.map((uid) => link(`${grafana}/d/${uid}`, uid, ''));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Shop</title></head>
<body>
<h1>Shop</h1>
<p>The trace of this page: ${trace(grafana)}</p>
<ul>
${items.join('\n')}
</ul>
<p>Place an order:</p>
<pre>curl ${escaped(origin)}/api/orders -H 'content-type: application/json' -H 'x-user-id: 1' -d '${order}'</pre>
<p>In Grafana:</p>
<ul>
${[link(`${grafana}/dashboards`, 'all dashboards', ''), ...boards].join('\n')}
</ul>
</body>
</html>
`;
}

function link(href: string, text: string, what: string): string {
  return `<li><a href="${escaped(href)}">${escaped(text)}</a> ${what}</li>`;
}

/** The trace id as a link to Grafana Explore (https://grafana.com/docs/grafana/latest/explore/). */
function trace(grafana: string): string {
  const id = traceId();
  if (id === undefined) return '<code id="trace-id">none, traces are off</code>';
  const query = { refId: 'A', queryType: 'traceql', query: id };
  const panes = {
    a: { datasource: 'tempo', queries: [query], range: { from: 'now-1h', to: 'now' } },
  };
  const parameters = new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify(panes) });
  const href = escaped(`${grafana}/explore?${parameters}`);
  return `<a href="${href}"><code id="trace-id">${id}</code></a>`;
}

/** Escapes the origin, which comes from a request header. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
