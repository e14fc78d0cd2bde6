import { metricAlerts } from '../../alerts/index.ts';
import { annotatedPodsJob } from '../../lib/model/topology.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { queryPrometheus, scrapeTargets } from '../../ops/stores/prometheus.ts';
import { eventually, session, withUrls } from './cluster.ts';
import { withMetricsPods } from './metrics-pod.ts';

const { settings } = session;
const names = {
  small: 'mantis-e2e-annotated',
  /** A page of 7 MB. */
  large: 'mantis-e2e-300000-series',
  /** Below the limit of the size of a page. */
  many: 'mantis-e2e-20000-series',
  onNode: 'mantis-e2e-host-network',
};
const page = (series: number) =>
  `Array.from({ length: ${series} }, (_, i) => 'e2e_flood{i="' + i + '"} 1\\n').join('')`;
const pods = [
  { name: names.large, port: 8123, page: page(300_000) },
  { name: names.many, port: 8123, page: page(20_000) },
  { name: names.onNode, port: 18_123, page: "'e2e_answer 43\\n'", hostNetwork: true },
  { name: names.small, port: 8123, page: "'e2e_answer 42\\n'" },
];

const alert = (name: string) =>
  metricAlerts(settings).find(({ alert }) => alert === name)?.expr ?? 'alert is missing';

const headSeries = async (prometheus: string) =>
  (await queryPrometheus(prometheus, `${stackMetrics.prometheusSeries}{job="prometheus"}`))[0]
    ?.value ?? 0;

test('a page above a limit is refused and its pod named; a pod of any namespace beside it is scraped', () =>
  withUrls(['prometheus'], async ({ prometheus }) => {
    const before = await headSeries(prometheus);
    await withMetricsPods(pods, async () => {
      await eventually('the metric of the small page', async () => {
        const query = `e2e_answer{job="${annotatedPodsJob}",k8s_pod_name="${names.small}"}`;
        const [sample] = await queryPrometheus(prometheus, query);
        if (sample === undefined) throw new RetryLater('not scraped');
        expect(sample.value).toBe(42);
        expect(sample.labels).toMatchObject({ k8s_namespace_name: 'default' });
      });

      await eventually('the alert to name both pods', async () => {
        const found = await queryPrometheus(prometheus, alert('AnnotatedPodRefused'));
        if (found.length < 2) throw new RetryLater(JSON.stringify(found));
        const byPod = found.map(({ labels, value }) => [labels.k8s_pod_name, value]);
        expect(Object.fromEntries(byPod)).toEqual({ [names.large]: -1, [names.many]: 20_000 });
      });
      expect(await queryPrometheus(prometheus, alert('AnnotatedPodDown'))).toEqual([]);

      // Nothing of the pages is stored. The samples of the second up to its limit are series in
      // memory until the next truncation; those of the first are not.
      expect(await queryPrometheus(prometheus, 'count(e2e_flood)')).toEqual([]);
      const { sampleLimit } = settings.prometheus.annotatedPods;
      expect(await headSeries(prometheus)).toBeLessThan(before + sampleLimit + 2000);

      const critical = metricAlerts(settings).filter(({ severity }) => severity === 'critical');
      for (const { alert, expr } of critical) {
        const caused = (await queryPrometheus(prometheus, expr)).filter(
          ({ labels }) =>
            labels.job === annotatedPodsJob ||
            Object.values(names).includes(labels.k8s_pod_name ?? ''),
        );
        expect([alert, caused]).toEqual([alert, []]);
      }

      const scraped = (await scrapeTargets(prometheus))
        .filter(({ scrapePool }) => scrapePool === annotatedPodsJob)
        .map(({ scrapeUrl }) => scrapeUrl);
      expect(scraped.filter((url) => url.endsWith(':8123/stats')).length).toBe(3);
      // A pod in the network of its node is no target.
      expect(scraped.filter((url) => url.includes(':18123'))).toEqual([]);
    });
  }));
