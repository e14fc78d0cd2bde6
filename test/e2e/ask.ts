import { z } from 'zod';
import { type Asked, interpolate } from '../../dashboards/panels/panel-queries.ts';
import { type Grafana, throughDatasource } from '../../ops/stores/grafana.ts';
import { nowSeconds } from './cluster.ts';

const answerSchema = z.object({
  data: z.object({ result: z.array(z.unknown()) }).optional(),
  series: z.array(z.unknown()).optional(),
  traces: z.array(z.unknown()).optional(),
});

/** As many steps as a panel is pixels wide, roughly. */
const span = { seconds: 1800, step: 30 };

/**
 * Asks through Grafana what a panel asks when its dashboard is opened, over half an hour.
 *
 * @returns how many series, streams or traces there were
 */
export async function ask(grafana: Grafana, asked: Asked): Promise<number> {
  const { path, parameters } = request(asked);
  const query = new URLSearchParams(
    Object.entries(parameters).map(([name, value]) => [name, String(value)]),
  );
  const text = await throughDatasource(grafana, asked.datasource, `${path}?${query}`);
  const { data, series, traces } = answerSchema.parse(JSON.parse(text));
  return (data?.result ?? series ?? traces ?? []).length;
}

function request({ datasource, text, instant, metrics }: Asked) {
  const query = interpolate(text);
  const end = Math.floor(nowSeconds());
  const range = { start: end - span.seconds, end };
  if (datasource === 'tempo') {
    return metrics
      ? { path: '/api/metrics/query_range', parameters: { q: query, ...range, step: '30s' } }
      : { path: '/api/search', parameters: { q: query, ...range, limit: 20 } };
  }
  const prefix = datasource === 'loki' ? '/loki/api/v1' : '/api/v1';
  return instant
    ? { path: `${prefix}/query`, parameters: { query, time: end } }
    : { path: `${prefix}/query_range`, parameters: { query, ...range, step: span.step } };
}
