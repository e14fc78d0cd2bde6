import { collectorFailures, collectorMetrics } from '../../lib/telemetry/collector.ts';
import { fires, over, type RuleTest, silent } from './case.ts';

const { queueSize, queueCapacity, sentSpans } = collectorMetrics;
const { refused, sendFailed, enqueueFailed } = collectorFailures;

const tempo = '{exporter="otlp_grpc/tempo", instance="c"}';
const app =
  'service_name="shop", k8s_namespace_name="shops", k8s_container_name="web", instance="1"';
const container = 'container_memory_working_set_bytes{namespace="shops", container="web", pod="a"}';

const lost = (items: string) => ({
  labels: { exporter: 'otlp_grpc/tempo', instance: 'c', signal: 'spans' },
  summary: 'The collector has given up spans for otlp_grpc/tempo',
  description: `${items} items of spans for otlp_grpc/tempo were lost within 5m.`,
});

export const pipelineTests: readonly RuleTest[] = [
  over({ [`${refused.spans}{receiver="otlp", instance="c"}`]: '0x80' }, [
    silent('CollectorRefusing', '10m'),
  ]),
  over({ [`${refused.logs}{receiver="otlp", instance="c"}`]: '0+30x80' }, [
    silent('CollectorRefusing', '2m'),
    fires('CollectorRefusing', '8m', {
      labels: { instance: 'c', signal: 'logs' },
      summary: 'The collector refuses logs',
      description:
        'The collector sends 2.00 items of logs per second back to their senders, which drop them sooner or later.',
    }),
  ]),

  // The counter begins with the first loss, and the alert ends a window later.
  over({ [`${sendFailed.spans}${tempo}`]: '_x20 40x40' }, [
    silent('CollectorDropping', '4m45s'),
    fires('CollectorDropping', '6m', lost('40')),
    silent('CollectorDropping', '11m'),
  ]),
  over({ [`${enqueueFailed.spans}${tempo}`]: '_x20 7x40' }, [
    fires('CollectorDropping', '6m', lost('7')),
  ]),

  // Something always waits: bad only if nothing gets through meanwhile.
  over({ [`${queueSize}${tempo}`]: '2048x80', [`${sentSpans}${tempo}`]: '100+1x80' }, [
    silent('CollectorExportFailing', '20m'),
  ]),
  over({ [`${queueSize}${tempo}`]: '0 2048 2048 2048 0x80', [`${sentSpans}${tempo}`]: '100x80' }, [
    silent('CollectorExportFailing', '4m'),
    silent('CollectorExportFailing', '10m'),
  ]),
  over({ [`${queueSize}${tempo}`]: '0x3 2048x80', [`${sentSpans}${tempo}`]: '100x80' }, [
    silent('CollectorExportFailing', '7m'),
    fires('CollectorExportFailing', '9m', {
      labels: { exporter: 'otlp_grpc/tempo', instance: 'c' },
      summary: 'Nothing gets through to otlp_grpc/tempo',
      description:
        'The collector has sent nothing to otlp_grpc/tempo for 5m, while 2kiB wait in its queue.',
    }),
  ]),

  // Exactly 80 % is no alert; more than that is one, after two minutes.
  over({ [`${queueSize}${tempo}`]: '80x20 81x20', [`${queueCapacity}${tempo}`]: '100x40' }, [
    silent('CollectorQueueFilling', '5m'),
    silent('CollectorQueueFilling', '7m'),
    fires('CollectorQueueFilling', '8m', {
      labels: { exporter: 'otlp_grpc/tempo', instance: 'c' },
      summary: 'Telemetry waits for otlp_grpc/tempo',
      description:
        'The queue of otlp_grpc/tempo on c is 81% full. When it is full, senders have to wait.',
    }),
  ]),

  // Ten minutes of metrics, then none: the container runs on, has ended, or is there again.
  over({ [`target_info{${app}}`]: '1x40 _x80', [container]: '1x120' }, [
    silent('ServiceSilent', '10m'),
    silent('ServiceSilent', '16m45s'),
    fires('ServiceSilent', '17m30s', {
      labels: {
        service_name: 'shop',
        k8s_namespace_name: 'shops',
        k8s_container_name: 'web',
      },
      summary: 'No telemetry comes from shop',
      description:
        'Container web in namespace shops runs, but for 5m no metrics of shop have come.',
    }),
  ]),
  // The collector was away, and is back a moment before the app.
  over(
    {
      [`target_info{${app}}`]: '1x40 _x80',
      [container]: '1x120',
      'up{job="otel-collector", instance="c"}': '1x40 0x30 1x80',
    },
    [silent('ServiceSilent', '17m30s'), silent('ServiceSilent', '21m')],
  ),
  over({ [`target_info{${app}}`]: '1x40 _x80', [container]: '1x40 _x80' }, [
    silent('ServiceSilent', '20m'),
  ]),
  over(
    {
      [`target_info{${app}}`]: '1x40 _x80',
      [`target_info{${app.replace('"1"', '"2"')}}`]: '_x44 1x80',
      [container]: '1x120',
    },
    [silent('ServiceSilent', '25m')],
  ),
];
