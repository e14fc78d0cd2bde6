import { maxQuerySamples } from '../lib/prometheus/prometheus.ts';
import { settingsSchema } from '../lib/schema.ts';
import { maxRequestMebibytes, scrapeLimits } from '../lib/telemetry/limits.ts';
import { maxLogStreams } from '../lib/telemetry/logs.ts';
import { maxActiveSeries } from '../lib/tempo/settings.ts';
import { markdownTable } from './markdown-table.ts';

const settings = settingsSchema.parse({});
const { annotatedPods, memoryLimit } = settings.prometheus;
const count = (value: number) => value.toLocaleString('en-US').replaceAll(',', ' ');
const alert = (name: string) => `[${name}](runbooks/${name}.md)`;

/** The limits of cardinality and of size with the default settings, and what happens above them. */
export function limitTable(): string {
  return markdownTable(
    ['Limit', 'Default', 'Above it', 'Setting'],
    [
      [
        'series from spans, of all services',
        count(maxActiveSeries(settings)),
        `${alert('TooManySeries')} at half of it for one service; new series are counted without their service`,
        '`tempo.maxActiveSeries`',
      ],
      [
        'samples of the page of an annotated pod',
        count(annotatedPods.sampleLimit),
        `${alert('AnnotatedPodRefused')}; nothing of the page is stored`,
        '`prometheus.annotatedPods.sampleLimit`',
      ],
      [
        'size of the page of an annotated pod',
        annotatedPods.bodySizeLimit.asString(),
        'the same',
        '`prometheus.annotatedPods.bodySizeLimit`',
      ],
      [
        'page that the collector scrapes',
        `${count(scrapeLimits.samples)} samples, ${scrapeLimits.body}`,
        'nothing of the page is stored, and its `up` is 0',
        '`sample_limit` and `body_size_limit` in `collector.scrapeConfigs`',
      ],
      [
        'series that are pushed',
        'none',
        `${alert('TooManySeries')} at a fifth of alerts.maxSeries for one service`,
        '`collector.drop`, `collector.transform`',
      ],
      [
        'all series',
        count(settings.alerts.maxSeries),
        `${alert('CardinalityNearLimit')} at 80 % of it`,
        '`prometheus.memoryLimit` and `alerts.maxSeries`',
      ],
      [
        'samples of one query',
        count(maxQuerySamples(memoryLimit)),
        'the query fails',
        '`prometheus.memoryLimit`, of which they take an eighth',
      ],
      [
        'streams of logs',
        count(maxLogStreams),
        `${alert('CardinalityNearLimit')} at 80 % of it; new streams wait in the queue`,
        '`loki.extraConfig`',
      ],
      [
        'size of an OTLP request',
        `${maxRequestMebibytes} MiB`,
        'the request is refused',
        '`collector.extraConfig`',
      ],
    ],
  );
}
