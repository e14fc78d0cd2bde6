import { z } from 'zod';
import { fetchJson } from '../../ops/stores/http.ts';
import { searchTraces } from '../../ops/stores/tempo.ts';
import { nowSeconds, withUrls } from './cluster.ts';

/** Longer than Tempo's default limits of a week for searches and a day for TraceQL metrics. */
const monthSeconds = 30 * 24 * 3600;
const series = z.object({ series: z.array(z.unknown()) });

test('searches and TraceQL metrics may cover a month', () =>
  withUrls(['tempo'], async ({ tempo }) => {
    const range = { start: Math.floor(nowSeconds()) - monthSeconds, end: Math.ceil(nowSeconds()) };
    expect((await searchTraces(tempo, '{ kind = server }', range)).length).toBeGreaterThan(0);
    const query = { ...range, q: '{ kind = server } | rate()', step: 3600 };
    const rates = await fetchJson(tempo, '/api/metrics/query_range', series, { query });
    expect(rates.series.length).toBeGreaterThan(0);
  }));
