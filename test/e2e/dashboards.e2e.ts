import { dashboards } from '../../dashboards/index.ts';
import { queryLoki } from '../../ops/stores/loki.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { searchTraces } from '../../ops/stores/tempo.ts';
import { sendTracked } from '../../ops/tracked-request.ts';
import { NotYet } from '../../ops/until.ts';
import { eventually, nowSeconds, withUrls } from './cluster.ts';

interface Target {
  readonly datasource: { readonly uid: string };
  readonly expr?: string;
  readonly query?: string;
}

interface Board {
  readonly title: string;
  readonly panels: readonly { readonly title: string; readonly targets: readonly Target[] }[];
}

// The service map has no text of its own: Grafana asks for the edges that signals.e2e.ts sees.
const queries = (dashboards as unknown as readonly Board[]).flatMap(({ title, panels }) =>
  panels.flatMap((panel) =>
    panel.targets.flatMap(({ datasource: { uid }, expr, query }) => {
      const text = expr ?? query;
      return text === undefined ? [] : [{ panel: `${title} / ${panel.title}`, uid, text }];
    }),
  ),
);

/** What Grafana puts in the place of variables when nothing is chosen. */
const filled = (text: string) =>
  text.replaceAll('$__rate_interval', '2m').replaceAll('$service', '.+');

test.each(queries)('$panel is not empty: $text', ({ uid, text }) =>
  withUrls(['shop', 'prometheus', 'loki', 'tempo'], ({ shop, ...stores }) =>
    eventually('data', async () => {
      await sendTracked(shop, '/api/orders');
      const [start, end] = [nowSeconds() - 1800, nowSeconds()];
      const ask: Record<string, () => Promise<readonly unknown[]>> = {
        prometheus: () => queryPrometheus(stores.prometheus, filled(text)),
        loki: () => queryLoki(stores.loki, filled(text), start),
        tempo: () => searchTraces(stores.tempo, filled(text), { start, end }),
      };
      const found = (await ask[uid]?.()) ?? [];
      if (found.length === 0) throw new NotYet('nothing');
    }),
  ),
);
