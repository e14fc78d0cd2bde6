import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { findChromium, withChromium } from '../../bench/browser/chromium.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { searchTraces, traceById } from '../../ops/stores/tempo.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';
import { externalHost } from './external-authority.ts';
import { createOutside, deleteOutside, deployWith, type Outside } from './external-deployment.ts';
import { isRequested } from './on-request.ts';

/** The page of examples/browser/, and the API of the shop, from one origin. */
async function servePage(shop: string, otlp: string): Promise<Server> {
  const { outputFiles } = await build({
    entryPoints: ['examples/browser/telemetry.js'],
    bundle: true,
    write: false,
    format: 'esm',
    nodePaths: ['test-app/node_modules'],
  });
  const page = readFileSync('examples/browser/index.html', 'utf8').replace(
    'https://otlp-web.example.com',
    otlp,
  );
  const server = createServer(async ({ url = '/', headers }, response) => {
    if (url.startsWith('/api/')) {
      const { traceparent } = headers;
      const answer = await fetch(`${shop}${url}`, {
        headers: typeof traceparent === 'string' ? { traceparent } : {},
      });
      response.writeHead(answer.status).end(await answer.text());
      return;
    }
    const isScript = url.endsWith('.js');
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? outputFiles[0]?.text : page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const originOf = (server: Server) => `http://localhost:${(server.address() as AddressInfo).port}`;

/** Opens the page, and stays until it has sent its spans. */
async function visit(outside: Outside, origin: string) {
  const rules = `--host-resolver-rules=MAP ${externalHost} ${outside.sender.address}`;
  return withChromium(
    async (browser) => {
      // The certificate is of a CA that only the tests know.
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      const sent = page.waitForEvent('requestfinished', {
        predicate: (request) => request.url().endsWith('/v1/traces') && request.method() === 'POST',
        timeout: 30_000,
      });
      const failed = page.waitForEvent('requestfailed', {
        predicate: (request) => request.url().endsWith('/v1/traces'),
        timeout: 30_000,
      });
      await page.goto(origin);
      const output = page.locator('output[data-trace]');
      await output.waitFor({ state: 'attached', timeout: 30_000 });
      const outcome = await Promise.any([
        sent.then(async (request) => `answered ${(await request.response())?.status()}`),
        failed.then((request) => request.failure()?.errorText),
      ]);
      return {
        text: await output.textContent(),
        traceId: (await output.getAttribute('data-trace')) ?? '',
        outcome,
      };
    },
    [rules],
  );
}

const describeInBrowser =
  isRequested && session.settings.testApp.enabled && findChromium() !== undefined
    ? describe
    : describe.skip;

describeInBrowser('a page in a browser', () => {
  afterAll(deleteOutside, 400_000);

  test('sends its spans from an allowed origin, into the trace of the server; from others nothing', async () => {
    await withUrls(['shop', 'tempo'], async ({ shop, tempo }) => {
      const outside = await createOutside();
      const otlp = `https://${externalHost}:${outside.browserPort}`;
      const [allowed, other] = [await servePage(shop, otlp), await servePage(shop, otlp)];
      try {
        const allowedOrigins = [originOf(allowed)];
        await deployWith(outside.access({ browsers: { allowedOrigins, sender: 'visitors' } }));

        const seen = await visit(outside, originOf(allowed));
        expect(seen).toMatchObject({ text: '/api/products: 200', outcome: 'answered 200' });
        const spans = await eventually('the spans of page and server', async () => {
          const found = await traceById(tempo, seen.traceId);
          const services = new Set(found.map(({ service }) => service));
          if (!services.has('shop-web') || !services.has('shop')) {
            throw new RetryLater([...services].join());
          }
          return found;
        });
        // The server's span has the same name.
        const ofPage = spans.filter((span) => span.service === 'shop-web');
        const visitSpan = ofPage.find(({ name }) => name === 'visit');
        const client = ofPage.find(({ name }) => name === 'GET /api/products');
        expect(visitSpan?.id).toMatch(/^[0-9a-f]{16}$/);
        expect(client?.parentId).toBe(visitSpan?.id);
        expect(spans).toContainEqual(
          expect.objectContaining({
            service: 'shop',
            kind: 'SPAN_KIND_SERVER',
            parentId: client?.id,
          }),
        );
        const tracesOf = (query: string) =>
          searchTraces(tempo, query, { start: nowSeconds() - 600, end: nowSeconds() });
        await eventually('the sender', async () => {
          const query =
            '{ resource.service.name = "shop-web" && resource.k8s.cluster.name = "visitors" }';
          if ((await tracesOf(query)).length === 0) throw new RetryLater('no trace');
        });

        const refused = await visit(outside, originOf(other));
        expect(refused).toMatchObject({ text: '/api/products: 200', outcome: 'net::ERR_FAILED' });
        const found = await traceById(tempo, refused.traceId);
        expect(found.map(({ service }) => service)).not.toContain('shop-web');
      } finally {
        allowed.close();
        other.close();
      }
    });
  });
});
