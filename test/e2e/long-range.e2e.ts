import { z } from 'zod';
import { retryUntil } from '../../ops/process/retry.ts';
import { fetchJson } from '../../ops/stores/http.ts';
import { searchTraces } from '../../ops/stores/tempo.ts';
import { nowSeconds, withUrls } from './cluster.ts';

/** Longer than Tempo's default limits of a week for searches and a day for TraceQL metrics. */
const monthSeconds = 30 * 24 * 3600;
/** Tempo allows 10,000 steps. */
const stepSeconds = 300;
const series = z.object({ series: z.array(z.unknown()) });
const aMonth = () => ({
  start: Math.floor(nowSeconds()) - monthSeconds,
  end: Math.ceil(nowSeconds()),
});

test('searches may cover a month', () =>
  withUrls(['tempo'], async ({ tempo }) => {
    expect((await searchTraces(tempo, '{ kind = server }', aMonth())).length).toBeGreaterThan(0);
  }));

test('TraceQL metrics may cover a month', () =>
  withUrls(['tempo'], ({ tempo }) =>
    // Tempo leaves out the step that has not ended: all that a new cluster has, were it an hour.
    retryUntil(
      'a whole step with server spans',
      async () => {
        const query = { ...aMonth(), q: '{ kind = server } | rate()', step: stepSeconds };
        const rates = await fetchJson(tempo, '/api/metrics/query_range', series, { query });
        expect(rates.series.length).toBeGreaterThan(0);
      },
      { timeoutSeconds: stepSeconds + 60 },
    ),
  ));
