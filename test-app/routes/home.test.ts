import { createMetrics } from '../metrics.ts';
import { createRouter } from '../request.ts';
import { roles } from '../roles.ts';
import { capturingLogger, closeServers, inMemoryMeter, serve } from '../testing/in-process.ts';

afterAll(closeServers);

const env = { ORDERS_URL: 'http://127.0.0.1:9' };

async function homepage(): Promise<string> {
  const { url } = await serve('shop', env);
  const response = await fetch(url);
  expect(response.headers.get('content-type')).toContain('text/html');
  return response.text();
}

test('the page shows the trace id, or that there is none', async () => {
  expect(await homepage()).toContain('<code id="trace-id">none, traces are off</code>');
});

test('every endpoint of the shop is on the page', async () => {
  const page = await homepage();
  const router = createRouter();
  const metrics = createMetrics(inMemoryMeter().meter);
  for (const add of roles.shop({ env, metrics, logger: capturingLogger().logger })) add(router);
  const linked = [...page.matchAll(/href="([^"]+)"/g)].map(([, href]) => href ?? '');
  const unlinked = router.stack.filter(
    (route) => route.path !== '/' && !linked.some((href) => route.match(href)),
  );
  expect(unlinked.map(({ path }) => path)).toEqual([]);
});
