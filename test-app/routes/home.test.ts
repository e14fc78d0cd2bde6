import { createRouter } from '../http/request.ts';
import { closeServers, serve } from '../testing/in-process.ts';

afterAll(closeServers);

const unusedUrl = 'http://127.0.0.1:9';
const env = { ORDERS_URL: unusedUrl, INVENTORY_URL: unusedUrl };

async function homepage(more: Record<string, string> = {}): Promise<string> {
  const { get } = await serve('shop', { ...env, ...more });
  const response = await get('/');
  expect(response.headers.get('content-type')).toContain('text/html');
  return response.text();
}

test('without tracing the page says so', async () => {
  expect(await homepage()).toContain('<code id="trace-id">none, traces are off</code>');
});

test('every endpoint of the shop is on the page', async () => {
  const page = await homepage();
  const { routes } = await serve('shop', env);
  const router = createRouter(routes, () => {});
  const linked = [...page.matchAll(/href="([^"]+)"/g)].map(([, href]) => href ?? '');
  const paths = linked.map((href) => href.replace(/\?.*/, ''));
  const unlinked = router.stack.filter(
    (route) => route.path !== '/' && !paths.some((path) => route.match(path)),
  );
  expect(unlinked.map(({ path }) => path)).toEqual([]);
});

test('every link of the page to the shop exists', async () => {
  const page = await homepage();
  const { get } = await serve('shop', { ...env, DELAY_FACTOR: '0' });
  const own = [...page.matchAll(/href="(\/[^"]*)"/g)].map(([, href]) => href ?? '');
  expect(own.length).toBeGreaterThan(10);
  for (const href of own) {
    const { error } = await (await get(href)).json();
    expect(String(error)).not.toContain('nothing is at');
  }
});

test('the dashboards are links to Grafana', async () => {
  const page = await homepage({ GRAFANA_URL: 'http://grafana:3000/', DASHBOARDS: 'one,two' });
  for (const href of ['/dashboards', '/d/one', '/d/two']) {
    expect(page).toContain(`<a href="http://grafana:3000${href}">`);
  }
});

test('markup in the Host header is escaped', async () => {
  const { url } = await serve('shop', env);
  const page = await new Promise<string>((resolve) => {
    const { hostname, port } = new URL(url);
    const headers = { host: '"><script>alert(1)</script>' };
    const { request } = jest.requireActual<typeof import('node:http')>('node:http');
    request({ hostname, port, path: '/', headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(text);
    }).end();
  });
  expect(page).not.toContain('<script>');
});
