import { randomBytes } from 'node:crypto';
import { attributes } from '../../lib/telemetry/app.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { metricsRequest, nanoseconds } from '../../ops/stores/otlp.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { eventually, withUrls } from './cluster.ts';

const [runs, recordsPerRun, seconds] = [5, 1000, 5];
const service = `job-${randomBytes(4).toString('hex')}`;

/** What one run of a job sends before it ends: the only value of a counter that started with the run. */
function counterOfOneRun() {
  const end = Date.now();
  const point = {
    startTimeUnixNano: nanoseconds(end - seconds * 1000),
    timeUnixNano: nanoseconds(end),
    asInt: String(recordsPerRun),
  };
  const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] };
  const instance = { [attributes.serviceInstanceId]: randomBytes(4).toString('hex') };
  return metricsRequest(service, [{ name: 'job.records', unit: '{record}', sum }], instance);
}

test('what jobs count that send once is in the increase of their counters', () =>
  withUrls(['otlpHttp', 'prometheus'], async ({ otlpHttp, prometheus }) => {
    for (let run = 0; run < runs; run += 1) {
      await fetchText(otlpHttp, '/v1/metrics', { method: 'POST', body: counterOfOneRun() });
    }
    const series = `job_records_total{service_name="${service}"}`;
    await eventually('the series of every run', async () => {
      const [count] = await queryPrometheus(prometheus, `count(${series})`);
      if (count?.value !== runs) throw new RetryLater(`${count?.value ?? 0} series`);
    });
    const [exact] = await queryPrometheus(prometheus, `sum(increase(${series}[10m] anchored))`);
    expect(exact?.value).toBe(runs * recordsPerRun);
    const [extrapolated] = await queryPrometheus(prometheus, `sum(increase(${series}[10m]))`);
    expect(extrapolated?.value).toBeGreaterThanOrEqual(runs * recordsPerRun);
    expect(extrapolated?.value).toBeLessThanOrEqual(runs * recordsPerRun * 1.5);
  }));
