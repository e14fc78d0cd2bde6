import { z } from 'zod';
import {
  interpolate,
  type PanelQuery,
  rateInterval,
} from '../../dashboards/panels/panel-queries.ts';
import { datasourceApi, type GrafanaApi } from '../../ops/stores/grafana.ts';
import { fetchText } from '../../ops/stores/http.ts';

const answerSchema = z.object({
  data: z.object({ result: z.array(z.unknown()) }).optional(),
  series: z.array(z.unknown()).optional(),
  traces: z.array(z.unknown()).optional(),
});

/** The time range and step of a panel, in seconds. */
const timeRange = { seconds: 1800, step: 30 };

/**
 * Runs the query of a panel through Grafana, over the last half hour.
 *
 * @param selected values of dashboard variables. @default - all services, no text
 * @returns the number of series, streams or traces
 */
export async function countResults(
  grafana: GrafanaApi,
  query: PanelQuery,
  selected: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { path, parameters } = request(query, selected);
  const search = new URLSearchParams(
    Object.entries(parameters).map(([name, value]) => [name, String(value)]),
  );
  const text = await fetchText(datasourceApi(grafana, query.datasource), `${path}?${search}`);
  const { data, series, traces } = answerSchema.parse(JSON.parse(text));
  return (data?.result ?? series ?? traces ?? []).length;
}

function request(
  { datasource, text, instant, metrics, interval }: PanelQuery,
  selected: Readonly<Record<string, string>>,
) {
  const step = Math.max(timeRange.step, interval);
  const query = interpolate(text, {
    __rate_interval: rateInterval({ interval }, step),
    ...selected,
  });
  const end = Math.floor(Date.now() / 1000);
  const range = { start: end - timeRange.seconds, end };
  if (datasource === 'tempo') {
    return metrics
      ? { path: '/api/metrics/query_range', parameters: { q: query, ...range, step: '30s' } }
      : { path: '/api/search', parameters: { q: query, ...range, limit: 20 } };
  }
  const prefix = datasource === 'loki' ? '/loki/api/v1' : '/api/v1';
  return instant
    ? { path: `${prefix}/query`, parameters: { query, time: end } }
    : { path: `${prefix}/query_range`, parameters: { query, ...range, step } };
}
