import { collectorFailures, collectorMetrics } from '../../lib/telemetry/collector.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { fires, type RuleTest, ruleTest, silent } from './case.ts';

const { queueSize, queueCapacity, sentSpans, sentLogRecords } = collectorMetrics;
const { refused, sendFailed, enqueueFailed } = collectorFailures;

const tempo = '{exporter="otlp_grpc/tempo", instance="c"}';
const remote = '{job="prometheus", instance="p", url="https://a"}';
const vendor = '{exporter="otlp_http/forward-vendor", instance="c"}';
const vendorQueue = '{exporter="otlp_http/forward-vendor", instance="c", data_type="traces"}';
const vendorLogs = '{exporter="otlp_http/forward-vendor", instance="c", data_type="logs"}';
const app =
  'service_name="shop", k8s_namespace_name="shops", k8s_container_name="web", instance="1"';
const container = 'container_memory_working_set_bytes{namespace="shops", container="web", pod="a"}';

const lost = (items: string) => ({
  labels: { exporter: 'otlp_grpc/tempo', instance: 'c', signal: 'spans' },
  summary: 'The collector lost spans for otlp_grpc/tempo',
  description: `${items} items of spans for otlp_grpc/tempo were lost within 5m.`,
});

export const pipelineTests: readonly RuleTest[] = [
  ruleTest({ [`${refused.spans}{receiver="otlp", instance="c"}`]: '0x80' }, [
    silent('CollectorRefusing', '10m'),
  ]),
  ruleTest({ [`${refused.logs}{receiver="otlp", instance="c"}`]: '0+30x80' }, [
    silent('CollectorRefusing', '2m'),
    fires('CollectorRefusing', '8m', {
      labels: { instance: 'c', signal: 'logs' },
      summary: 'The collector refuses logs',
      description:
        'The collector refuses 2.00 items of logs per second. Senders retry them for a while and then drop them.',
    }),
  ]),

  // The counter starts with the first loss, and the alert resolves one window later.
  ruleTest({ [`${sendFailed.spans}${tempo}`]: '_x20 40x40' }, [
    silent('CollectorDropping', '4m45s'),
    fires('CollectorDropping', '6m', lost('40')),
    silent('CollectorDropping', '11m'),
  ]),
  ruleTest({ [`${enqueueFailed.spans}${tempo}`]: '_x20 7x40' }, [
    fires('CollectorDropping', '6m', lost('7')),
  ]),

  // Both reasons at once.
  ruleTest(
    {
      [`${sendFailed.spans}${tempo}`]: '_x20 40x40',
      [`${enqueueFailed.spans}${tempo}`]: '0x20 2x40',
    },
    [fires('CollectorDropping', '6m', lost('42'))],
  ),

  // A queue is never empty: fires only if nothing is sent meanwhile.
  ruleTest({ [`${queueSize}${tempo}`]: '2048x80', [`${sentSpans}${tempo}`]: '100+1x80' }, [
    silent('CollectorExportFailing', '20m'),
  ]),
  ruleTest(
    { [`${queueSize}${tempo}`]: '0 2048 2048 2048 0x80', [`${sentSpans}${tempo}`]: '100x80' },
    [silent('CollectorExportFailing', '4m'), silent('CollectorExportFailing', '10m')],
  ),
  ruleTest({ [`${queueSize}${tempo}`]: '0x3 2048x80', [`${sentSpans}${tempo}`]: '100x80' }, [
    silent('CollectorExportFailing', '7m'),
    fires('CollectorExportFailing', '9m', {
      labels: { exporter: 'otlp_grpc/tempo', instance: 'c' },
      summary: 'The collector cannot send to otlp_grpc/tempo',
      description:
        'The collector has sent nothing to otlp_grpc/tempo for 5m, while 2kiB wait in its queue.',
    }),
  ]),

  // A destination of collector.forward is not a store: other alerts, and only warnings.
  ruleTest(
    {
      [`${queueSize}${vendorQueue}`]: '0x3 2048x80',
      [`${sentSpans}${vendor}`]: '100x80',
      // Another signal of the same exporter is sent.
      [`${queueSize}${vendorLogs}`]: '2048x80',
      [`${sentLogRecords}${vendor}`]: '100+10x80',
      [`${enqueueFailed.spans}${vendor}`]: '_x20 7x40',
    },
    [
      silent('CollectorExportFailing', '9m'),
      silent('CollectorDropping', '6m'),
      silent('ForwardFailing', '7m'),
      fires('ForwardFailing', '9m', {
        labels: { exporter: 'otlp_http/forward-vendor', instance: 'c', data_type: 'traces' },
        summary: 'The collector cannot forward traces to otlp_http/forward-vendor',
        description:
          'The collector has sent no traces to otlp_http/forward-vendor for 5m, while 2kiB wait in its queue. The stores are not affected.',
      }),
      fires('ForwardDropping', '6m', {
        labels: { exporter: 'otlp_http/forward-vendor', instance: 'c', signal: 'spans' },
        summary: 'The collector did not forward spans to otlp_http/forward-vendor',
        description:
          '7 items of spans for otlp_http/forward-vendor were lost within 5m. The stores have them.',
      }),
    ],
  ),
  ruleTest({ [`${queueSize}${tempo}`]: '0x3 2048x80', [`${sentSpans}${tempo}`]: '100x80' }, [
    silent('ForwardFailing', '9m'),
  ]),
  ruleTest({ [`${sendFailed.spans}${tempo}`]: '_x20 40x40' }, [silent('ForwardDropping', '6m')]),

  // Remote write, which drops what is rejected and repeats everything else.
  ruleTest(
    {
      [`${stackMetrics.prometheusNewest}{job="prometheus", instance="p"}`]: '0+15x80',
      [`${stackMetrics.remoteWriteSent}${remote}`]: '0+15x20 300x60',
      [`${stackMetrics.remoteWriteRetried}${remote}`]: '0x20 100+100x60',
    },
    [
      silent('RemoteWriteFailing', '9m'),
      fires('RemoteWriteFailing', '13m', {
        labels: { job: 'prometheus', instance: 'p', url: 'https://a' },
        component: 'prometheus',
        summary: 'Remote write to https://a fails',
        description:
          'Prometheus repeats samples for https://a, which lacks the samples of the last 5m or more.',
      }),
    ],
  ),
  ruleTest(
    {
      [`${stackMetrics.prometheusNewest}{job="prometheus", instance="p"}`]: '0+15x80',
      [`${stackMetrics.remoteWriteSent}${remote}`]: '0+15x80',
      [`${stackMetrics.remoteWriteRetried}${remote}`]: '0x20 100+100x60',
    },
    [silent('RemoteWriteFailing', '15m')],
  ),
  ruleTest({ [`${stackMetrics.remoteWriteFailed}${remote}`]: '_x20 40x40' }, [
    silent('RemoteWriteDropping', '4m45s'),
    fires('RemoteWriteDropping', '6m', {
      labels: { job: 'prometheus', instance: 'p', url: 'https://a' },
      component: 'prometheus',
      summary: 'https://a rejects samples',
      description:
        'https://a has rejected 40 samples of remote write within 5m. Prometheus itself has them.',
    }),
  ]),

  // The queue is blocked, and with it the metrics page: the scrape fails, although the pod is Ready.
  ruleTest(
    {
      [`${queueSize}${tempo}`]: '0x3 2048x17 _x40',
      [`${sentSpans}${tempo}`]: '100x20 _x40',
      'up{job="otel-collector", instance="c"}': '1x20 0x40',
    },
    [
      silent('TargetDown', '7m'),
      fires('TargetDown', '7m30s', {
        labels: { job: 'otel-collector', instance: 'c' },
        component: 'otel-collector',
        summary: 'otel-collector cannot be scraped',
        description: 'Prometheus has failed to scrape c for 2m.',
      }),
    ],
  ),

  // Exactly 80 % is no alert; more than that is one, after two minutes.
  ruleTest({ [`${queueSize}${tempo}`]: '80x20 81x20', [`${queueCapacity}${tempo}`]: '100x40' }, [
    silent('CollectorQueueFilling', '5m'),
    silent('CollectorQueueFilling', '7m'),
    fires('CollectorQueueFilling', '8m', {
      labels: { exporter: 'otlp_grpc/tempo', instance: 'c' },
      summary: 'The queue of otlp_grpc/tempo is filling',
      description:
        'The queue of otlp_grpc/tempo on c is 81% full. When it is full, senders are blocked.',
    }),
  ]),

  // Ten minutes of metrics, then none: the container keeps running, has stopped, or was replaced.
  ruleTest({ [`target_info{${app}}`]: '1x40 _x80', [container]: '1x120' }, [
    silent('ServiceSilent', '10m'),
    silent('ServiceSilent', '16m45s'),
    fires('ServiceSilent', '17m30s', {
      labels: {
        service_name: 'shop',
        k8s_namespace_name: 'shops',
        k8s_container_name: 'web',
      },
      summary: 'shop (namespace shops) sends no metrics',
      description:
        'Container web in namespace shops runs, but no metrics of shop (namespace shops) have arrived for 5m.',
    }),
  ]),
  // One of two environments in one Kubernetes namespace falls silent.
  ruleTest(
    {
      [`target_info{${app}, deployment_environment_name="production"}`]: '1x40 _x80',
      [`target_info{${app}, deployment_environment_name="staging"}`]: '1x120',
      [container]: '1x120',
    },
    [
      fires('ServiceSilent', '17m30s', {
        labels: {
          service_name: 'shop',
          deployment_environment_name: 'production',
          k8s_namespace_name: 'shops',
          k8s_container_name: 'web',
        },
        summary: 'shop in production (namespace shops) sends no metrics',
        description:
          'Container web in namespace shops runs, but no metrics of shop in production (namespace shops) have arrived for 5m.',
      }),
    ],
  ),
  // An SDK that sends once a minute.
  ruleTest({ [`target_info{${app}}`]: '1 _ _ _ '.repeat(30).trim(), [container]: '1x120' }, [
    silent('ServiceSilent', '10m'),
    silent('ServiceSilent', '25m'),
  ]),
  // The collector was down, and recovers before the app sends again.
  ruleTest(
    {
      [`target_info{${app}}`]: '1x40 _x80',
      [container]: '1x120',
      'up{job="otel-collector", instance="c"}': '1x40 0x30 1x80',
    },
    [silent('ServiceSilent', '17m30s'), silent('ServiceSilent', '21m')],
  ),
  ruleTest({ [`target_info{${app}}`]: '1x40 _x80', [container]: '1x40 _x80' }, [
    silent('ServiceSilent', '20m'),
  ]),
  ruleTest(
    {
      [`target_info{${app}}`]: '1x40 _x80',
      [`target_info{${app.replace('"1"', '"2"')}}`]: '_x44 1x80',
      [container]: '1x120',
    },
    [silent('ServiceSilent', '25m')],
  ),
];
