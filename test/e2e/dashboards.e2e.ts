import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { queriesOf } from '../../dashboards/asked.ts';
import type { ClassicDashboard } from '../../dashboards/dashboard.ts';
import { dashboards } from '../../dashboards/index.ts';
import { table } from '../../ops/output.ts';
import { readLogin } from '../../ops/secret.ts';
import { fetchJson } from '../../ops/stores/http.ts';
import { sendTracked } from '../../ops/tracked-request.ts';
import { NotYet } from '../../ops/until.ts';
import { ask } from './ask.ts';
import { eventually, session, withUrls } from './cluster.ts';

const all = dashboards as readonly ClassicDashboard[];
const login = readLogin(session.target);

/** Rightly without data on a young local cluster, each for the reason that is given. */
const rightlyEmpty: Readonly<Record<string, string>> = {
  'Logs / Errors now and before / B': 'an hour ago there may have been no stack yet',
  'Stack Health / Volumes / A': 'directories of the node, as kind has them, report no use',
};

// The service map has no text of its own: Grafana asks for the edges that shop.e2e.ts sees.
const queries = all
  .flatMap(queriesOf)
  .filter(({ text }) => text !== '')
  .map((asked) => ({ ...asked, where: `${asked.dashboard} / ${asked.panel} / ${asked.refId}` }));

const measured: { where: string; dashboard: string; found: number; ms: number }[] = [];

/** A little of everything that a panel shows: orders, declined cards, errors of each type. */
beforeAll(
  () =>
    withUrls(['shop'], async ({ shop }) => {
      const order = (product: string, quantity: number, card = '4242424242424242') => ({
        method: 'POST' as const,
        body: { userId: '1', items: [{ product, quantity }], card },
      });
      for (const type of ['database', 'timeout', 'upstream', 'unhandled']) {
        await sendTracked(shop, `/api/error?type=${type}`);
      }
      await sendTracked(shop, '/api/slow?ms=700');
      await sendTracked(shop, '/api/orders', order('coffee', 2));
      await sendTracked(shop, '/api/orders', order('tea', 1, '4000000000000002'));
      await sendTracked(shop, '/api/products/coffee');
    }),
  60_000,
);

test.each(queries.filter(({ where }) => !(where in rightlyEmpty)))(
  '$where is not empty',
  ({ where, ...asked }) =>
    withUrls(['grafana'], ({ grafana: url }) =>
      eventually('data', async () => {
        const start = performance.now();
        const found = await ask({ url, login: await login }, asked);
        if (found === 0) throw new NotYet('nothing');
        measured.push({
          where,
          dashboard: asked.dashboard,
          found,
          ms: performance.now() - start,
        });
      }),
    ),
);

const valuesSchema = z.object({ data: z.array(z.string()) });
const variables = all.flatMap(({ title, templating }) =>
  (templating?.list ?? []).flatMap(({ type, name, definition }) =>
    type === 'query' ? [{ where: `${title} / ${name}`, definition: definition ?? '' }] : [],
  ),
);

test.each(variables)('$where has values to choose from', ({ definition }) =>
  withUrls(['prometheus'], async ({ prometheus }) => {
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(definition) ?? [];
    const match = selector.replaceAll(/\$\w+/g, '.*');
    const path = `/api/v1/label/${label}/values`;
    await eventually('values', async () => {
      const query = { 'match[]': match };
      const { data } = await fetchJson(prometheus, path, valuesSchema, { query });
      if (data.length === 0) throw new NotYet(match);
    });
  }),
);

afterAll(() => {
  const rows = measured.map(({ where, found, ms }) => [where, String(found), ms.toFixed(0)]);
  process.stdout.write(`${table([['PANEL', 'SERIES', 'MS'], ...rows])}\n`);
  const times = measured.map(({ ms }) => ms).sort((a, b) => a - b);
  const p95 = times[Math.floor(0.95 * times.length)] ?? 0;
  const totals = all.map(({ title = '' }) => {
    const own = measured.filter(({ dashboard }) => dashboard === title);
    return `${title} ${own.reduce((sum, { ms }) => sum + ms, 0).toFixed(0)} ms`;
  });
  process.stdout.write(`\n  P95 of a query ${p95.toFixed(0)} ms; ${totals.join(', ')}\n`);
  const reasons = Object.entries(rightlyEmpty).map(
    ([where, why]) => `  not asked: ${where}, ${why}`,
  );
  process.stdout.write(`${reasons.join('\n')}\n`);
});
