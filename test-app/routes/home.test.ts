import { request } from 'node:http';
import { isQuiet } from '../../lib/telemetry/app-paths.ts';
import { createRouter } from '../http/request.ts';
import { closeServers, serve } from '../testing/in-process.ts';

afterAll(closeServers);

const unusedUrl = 'http://127.0.0.1:9';
const env = { ORDERS_URL: unusedUrl, INVENTORY_URL: unusedUrl, DELAY_FACTOR: '0' };

async function homepage(more: Record<string, string> = {}): Promise<string> {
  const { get } = await serve('shop', { ...env, ...more });
  const response = await get('/');
  expect(response.headers.get('content-type')).toContain('text/html');
  return response.text();
}

const attributesIn = (page: string, name: string) =>
  [...page.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value = '']) =>
    value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  );

test('without tracing the page says so', async () => {
  expect(await homepage()).toContain('<code id="trace-id">none, traces are off</code>');
});

test('every endpoint of the shop has a button', async () => {
  const paths = attributesIn(await homepage(), 'data-path').map((path) => path.replace(/\?.*/, ''));
  const { routes } = await serve('shop', env);
  const router = createRouter(routes, () => {});
  const without = router.stack.filter(
    (route) =>
      route.path !== '/' &&
      !String(route.path).startsWith('/assets/') &&
      !paths.some((path) => route.match(path)),
  );
  expect(without.map(({ path }) => path)).toEqual([]);
});

test('every button sends a request that the shop knows', async () => {
  const page = await homepage();
  const { url } = await serve('shop', env);
  const methods = attributesIn(page, 'data-method');
  const paths = attributesIn(page, 'data-path');
  expect(paths.length).toBeGreaterThan(10);
  for (const [index, path] of paths.entries()) {
    const method = methods[index];
    const body = method === 'POST' ? '{}' : undefined;
    const response = await fetch(`${url}${path}`, { method, body });
    expect(response.status).not.toBe(405);
    expect(await response.text()).not.toContain('nothing is at');
  }
});

test('an order can be paid, and declined', async () => {
  const orders = attributesIn(await homepage(), 'data-body').map((body) => JSON.parse(body));
  expect(orders).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ card: '4242424242424242' }),
      expect.objectContaining({ card: '4000000000000002' }),
    ]),
  );
});

test('a dashboard is a link with its title and its description', async () => {
  const dashboards = [
    { uid: 'one', title: 'One & only', description: 'Is it <fast>?' },
    { uid: 'two', title: 'Two', description: 'Is it broken?' },
  ];
  const page = await homepage({
    GRAFANA_URL: 'http://grafana:3000/',
    DASHBOARDS: JSON.stringify(dashboards),
  });
  expect(page).toMatch(/href="http:\/\/grafana:3000\/d\/one"[^>]*>One &amp; only<\/a>/);
  expect(page).toContain('Is it &lt;fast&gt;?');
  expect(page).toMatch(/href="http:\/\/grafana:3000\/d\/two"[^>]*>Two<\/a>/);
  expect(page).toMatch(/href="http:\/\/grafana:3000\/dashboards"/);
});

test('every link opens in a new tab, without access to this one', async () => {
  const page = await homepage({ DASHBOARDS: '[{"uid":"a","title":"A","description":""}]' });
  const links = page.match(/<a [^>]*>/g) ?? [];
  expect(links.length).toBeGreaterThan(2);
  for (const link of links) expect(link).toContain(' target="_blank" rel="noopener"');
});

test('markup in the Host header is escaped', async () => {
  const { url } = await serve('shop', env);
  const page = await new Promise<string>((resolve) => {
    const { hostname, port } = new URL(url);
    const headers = { host: '"><script>alert(1)</script>' };
    request({ hostname, port, path: '/', headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(text);
    }).end();
  });
  expect(page).not.toContain('<script>');
  expect(page).toContain('data-testid="curl"');
});

test('nothing inline runs, and only files of the shop are loaded', async () => {
  const { get } = await serve('shop', env);
  const response = await get('/');
  const policy = response.headers.get('content-security-policy');
  expect(policy).toMatch(/^default-src 'none'; /);
  expect(policy).not.toMatch(/unsafe|http|\*/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const page = await response.text();
  expect(page).not.toMatch(/<style| style="| on\w+="|<script(?! type="module" src="\/assets\/)/);
  const files = page.match(/(?<=(?:src|<link[^>]*href)=")[^"]*/g) ?? [];
  expect(files).toHaveLength(5);
  for (const file of files) expect(isQuiet(file)).toBe(true);
});
