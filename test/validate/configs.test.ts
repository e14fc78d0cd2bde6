import { Alertmanager } from '../../lib/alertmanager/alertmanager.ts';
import { Collector } from '../../lib/collector/collector.ts';
import { Loki } from '../../lib/loki/loki.ts';
import { Prometheus } from '../../lib/prometheus/prometheus.ts';
import type { SettingsInput } from '../../lib/schema.ts';
import { Tempo } from '../../lib/tempo/tempo.ts';
import { synthConstruct } from '../construct.ts';
import { configFile, configFiles, synth } from '../synthesized.ts';
import { withBinary, writeFiles } from './binaries.ts';

/** Settings that change the configuration files. */
const cases: { name: string; settings: SettingsInput }[] = [
  { name: 'default settings', settings: {} },
  {
    name: 'small volumes and other retention',
    settings: {
      collector: { storage: '16Mi' },
      prometheus: { storage: '256Mi', retention: '36h' },
      loki: { retention: '24h', memory: '64Mi', memoryLimit: '96Mi' },
      tempo: { retention: '30d' },
    },
  },
  {
    name: 'extra configuration',
    settings: {
      collector: {
        scrapeConfigs: [{ job_name: 'legacy', static_configs: [{ targets: ['legacy:8080'] }] }],
        extraConfig: {
          processors: {
            'filter/health': { traces: { span: ['attributes["url.path"] == "/health"'] } },
          },
          exporters: { 'otlp_http/vendor': { endpoint: 'https://otlp.example.com' } },
          service: {
            pipelines: {
              traces: { processors: ['filter/health'] },
              'logs/vendor': { receivers: ['otlp'], exporters: ['otlp_http/vendor'] },
            },
          },
        },
      },
      prometheus: { extraConfig: { scrape_configs: [{ job_name: 'mine' }] } },
      alertmanager: { extraConfig: { receivers: [{ name: 'team' }] } },
      loki: { extraConfig: { limits_config: { ingestion_rate_mb: 64 } } },
      tempo: { extraConfig: { server: { log_level: 'info' } } },
    },
  },
  {
    name: 'telemetry dropped, changed, redacted and sampled by whole traces',
    settings: {
      collector: {
        secret: 'collector',
        drop: [
          { signal: 'traces', paths: ['/health'], names: ['a "b" \\ $c*'], services: ['shop'] },
          {
            signal: 'logs',
            belowSeverity: 'WARN',
            bodies: ['*'],
            attributes: { 'a"b': true, n: 1.5 },
          },
          { signal: 'metrics', names: ['jvm.*'], attributes: { state: 'idle' } },
        ],
        transform: {
          traces: ['set(span.attributes["a"], "b")'],
          logs: ['set(log.attributes["a"], "b")'],
          metrics: ['set(metric.description, "")'],
        },
        redact: {
          delete: ['a', 'b.*', '"c\\'],
          hash: ['user.id', '"d\\$'],
          hashKey: 'HASH_KEY',
          mask: ['email', 'card', 'token'],
          patterns: ['"[^"]+\\$', '(?i)sk_[a-z]+'],
        },
        sampling: { mode: 'tail', keep: '12.5%', slow: '1500ms', services: ['a "b"'] },
      },
    },
  },
  {
    name: 'further destinations',
    settings: {
      networkPolicies: false,
      collector: {
        secret: 'vendor',
        forward: [
          {
            name: 'vendor',
            endpoint: 'https://otlp.example.com',
            // biome-ignore lint/suspicious/noTemplateCurlyInString: the collector expands it
            headers: { authorization: 'Bearer ${env:TOKEN}' },
          },
          {
            name: 'site',
            endpoint: 'https://site.example.com:4317',
            protocol: 'grpc',
            signals: ['logs'],
            tls: { serverName: 'site' },
          },
        ],
      },
      prometheus: {
        remoteWrite: [{ url: 'https://metrics.example.com/api/v1/write', send_exemplars: true }],
      },
    },
  },
  {
    name: 'labels and annotations of pods',
    settings: {
      collector: {
        kubernetesMetadata: { labels: ['app.kubernetes.io/part-of'], annotations: ['team'] },
      },
    },
  },
  {
    name: 'no Kubernetes metadata',
    settings: { collector: { kubernetesMetadata: { enabled: false } } },
  },
  {
    name: 'traces sampled by their ids',
    settings: { collector: { sampling: { mode: 'head', keep: '0.001%' } } },
  },
  {
    name: 'receivers of every kind',
    settings: {
      alertmanager: {
        secret: 'alerting',
        egress: [{ port: 443 }],
        receivers: [
          { name: 'webhook', webhook: { url: 'http://receiver.alerts.svc:8080/' } },
          { name: 'secret-webhook', webhook: { urlKey: 'url' }, severities: ['none'] },
          { name: 'slack', slack: { channel: '#alerts', urlKey: 'slack-url' } },
          {
            name: 'email',
            email: {
              to: 'team@example.com',
              from: 'mantis@example.com',
              smarthost: 'mail.example.com:587',
              username: 'mantis',
              passwordKey: 'mail-password',
            },
          },
          { name: 'pagerduty', pagerduty: { routingKeyKey: 'pagerduty-key' } },
          {
            name: 'limited',
            matchers: ['team=~"a|\\"b"', 'severity!="x"'],
            activeTimes: ['office'],
            muteTimes: ['holidays'],
            email: {
              to: ['a@example.com', 'b@example.com'],
              from: 'mantis@example.com',
              smarthost: 'relay:25',
              requireTls: false,
              subject: '{{ .Status }}',
              html: '{{ template "email.default.html" . }}',
            },
          },
        ],
        timeIntervals: [
          {
            name: 'office',
            intervals: [
              {
                times: [{ start_time: '08:30', end_time: '24:00' }],
                weekdays: ['monday:friday'],
                location: 'Europe/Berlin',
              },
            ],
          },
          {
            name: 'holidays',
            intervals: [
              { days_of_month: ['1:5', '-3:-1'], months: ['december', '1'], years: ['2026:2027'] },
            ],
          },
        ],
      },
    },
  },
  {
    name: 'strict alerts over short windows',
    settings: {
      prometheus: { retention: '24h' },
      testApp: { enabled: false },
      alerts: {
        window: '1m',
        pending: '15s',
        stackPending: '1h',
        errorRatio: '0.1%',
        latency: '250ms',
        slo: { window: '1d', availability: '99.999%', latency: '99.9%', latencyBound: '0.128s' },
      },
    },
  },
];

/** Components without others, and so without their addresses. */
const alone = synthConstruct((chart) => {
  new Alertmanager(chart, 'alertmanager');
  new Loki(chart, 'loki');
  const rules = { files: { 'none.yaml': 'groups: []\n' }, sources: [] };
  new Prometheus(chart, 'prometheus', { rules });
  new Tempo(chart, 'tempo');
  new Collector(chart, 'collector', {
    metricsEndpoint: 'https://metrics.example',
    logsEndpoint: 'https://logs.example',
    tracesEndpoint: 'traces.example:4317',
  });
});

describe.each([
  ...cases.map(({ name, settings }) => ({ name, manifests: synth(settings) })),
  { name: 'components alone', manifests: alone },
])('$name', ({ manifests }) => {
  const write = (configMap: string, file: string) => {
    const name = `${configMap}/${file}`;
    return String(writeFiles({ [name]: configFile(manifests, configMap, file) })[name]);
  };

  withBinary('otelcol-contrib', (run) => {
    test('the collector accepts its configuration', () => {
      const file = write('otel-collector-config', 'collector.yaml');
      expect(run('validate', `--config=${file}`)).toContain('exit 0');
    });
  });

  withBinary('promtool', (run) => {
    test('Prometheus accepts its configuration', () => {
      const file = write('prometheus-config', 'prometheus.yaml');
      expect(run('check', 'config', '--syntax-only', file)).toContain('exit 0');
    });
    test('Prometheus accepts its rules', () => {
      const rules = configFiles(manifests).filter((each) => each.configMap === 'prometheus-rules');
      expect(rules.length).toBeGreaterThan(0);
      for (const { configMap, file } of rules) {
        expect(run('check', 'rules', write(configMap, file))).toContain('exit 0');
      }
    });
  });

  withBinary('amtool', (run) => {
    test('Alertmanager accepts its configuration', () => {
      const file = write('alertmanager-config', 'alertmanager.yaml');
      expect(run('check-config', file)).toContain('exit 0');
    });
  });

  withBinary('loki', (run) => {
    test('Loki accepts its configuration', () => {
      const file = write('loki-config', 'loki.yaml');
      expect(run(`-config.file=${file}`, '-verify-config')).toContain('exit 0');
    });
  });

  withBinary('tempo', (run) => {
    test('Tempo accepts its configuration', () => {
      const file = write('tempo-config', 'tempo.yaml');
      expect(run(`-config.file=${file}`, '-config.verify=true')).toContain('exit 0');
    });
  });
});

describe('external stores', () => {
  const manifests = synth({
    loki: {
      external: {
        url: 'https://loki.example.com',
        credentials: { secret: 'logs', bearerTokenKey: 'token' },
        headers: { 'X-Scope-OrgID': 'a$b' },
      },
    },
    tempo: {
      external: {
        url: 'http://tempo.stores.svc:3200',
        writeUrl: 'http://tempo.stores.svc:4318',
        credentials: { secret: 'traces', usernameKey: 'user', passwordKey: 'password' },
        ca: { configMap: 'company' },
      },
    },
  });
  const write = (file: string, text: string) => String(writeFiles({ [file]: text })[file]);

  withBinary('otelcol-contrib', (run) => {
    test('the collector accepts its configuration', () => {
      const text = configFile(manifests, 'otel-collector-config', 'collector.yaml');
      expect(run('validate', `--config=${write('external.yaml', text)}`)).toContain('exit 0');
    });
  });

  withBinary('promtool', (run) => {
    test.each(configFiles(manifests).filter((each) => each.configMap === 'prometheus-rules'))(
      'Prometheus accepts the rules $file',
      ({ file, text }) => {
        expect(run('check', 'rules', write(`external-${file}`, text))).toContain('exit 0');
      },
    );
  });
});

describe('the cluster view', () => {
  const manifests = synth({
    clusterView: {
      enabled: true,
      logs: {
        namespaces: ['shop'],
        multiline: [{ namespaces: ['shop'], containers: ['web'] }, { firstLine: '^\\[|"\\$x$' }],
      },
      nodeCollector: {
        extraConfig: {
          processors: { 'filter/noise': { logs: { log_record: ['log.body == "x"'] } } },
        },
      },
      eventCollector: { extraConfig: { exporters: { 'debug/mine': {} } } },
    },
  });
  const written = (name: string, change: (text: string) => string = (text) => text) => {
    const text = configFile(manifests, `${name}-config`, 'collector.yaml');
    // Outside a pod there is no token for kubeletstats and no node name.
    const here = text
      .replaceAll('auth_type: serviceAccount', 'auth_type: none')
      .replaceAll('K8S_NODE_NAME', 'PATH');
    return String(writeFiles({ 'collector.yaml': change(here) })['collector.yaml']);
  };

  withBinary('otelcol-contrib', (run) => {
    test.each(['node-collector', 'event-collector'])('%s accepts its configuration', (name) => {
      expect(run('validate', `--config=${written(name)}`)).toContain('exit 0');
    });
    test('an invalid statement is refused', () => {
      const broken = written('node-collector', (text) => text.replace('ParseJSON', 'ReadJSON'));
      expect(run('validate', `--config=${broken}`)).toContain('ReadJSON');
    });
  });

  withBinary('promtool', (run) => {
    test('Prometheus accepts its configuration and rules', () => {
      const text = configFile(manifests, 'prometheus-config', 'prometheus.yaml');
      const file = String(writeFiles({ 'prometheus.yaml': text })['prometheus.yaml']);
      expect(run('check', 'config', '--syntax-only', file)).toContain('exit 0');
      const rules = configFile(manifests, 'prometheus-rules', 'cluster.yaml');
      const rulesFile = String(writeFiles({ 'cluster.yaml': rules })['cluster.yaml']);
      expect(run('check', 'rules', rulesFile)).toContain('exit 0');
    });
  });
});

withBinary('amtool', (run) => {
  const receivers = [
    { name: 'pager', severities: ['critical' as const], pagerduty: { routingKeyKey: 'key' } },
    { name: 'mail', severities: ['warning' as const], webhook: { urlKey: 'url' } },
    { name: 'watcher', severities: ['none' as const], webhook: { urlKey: 'url' } },
  ];
  const alertmanager = { receivers, secret: 'alerting', egress: [{ port: 443 }] };
  const config = configFile(synth({ alertmanager }), 'alertmanager-config', 'alertmanager.yaml');

  test.each([
    ['severity=page', 'pager,mail'],
    ['alertname=A', 'pager,mail'],
    ['severity=critical', 'pager'],
    ['severity=info', 'null'],
    ['severity=none', 'watcher'],
  ])('an alert with %s goes to %s', (label, receiver) => {
    const { 'alertmanager.yaml': file } = writeFiles({ 'alertmanager.yaml': config });
    const output = run('config', 'routes', 'test', `--config.file=${file}`, label);
    expect(output).toBe(`${receiver}\n\nexit 0`);
  });
});

describe('an invalid configuration is refused', () => {
  const broken = 'no_such_key: true\n';
  withBinary('tempo', (run) => {
    test('by Tempo', () => {
      const file = String(writeFiles({ 'x.yaml': broken })['x.yaml']);
      expect(run(`-config.file=${file}`, '-config.verify=true')).not.toContain('exit 0');
    });
  });
  withBinary('loki', (run) => {
    test('by Loki', () => {
      const file = String(writeFiles({ 'x.yaml': broken })['x.yaml']);
      expect(run(`-config.file=${file}`, '-verify-config')).not.toContain('exit 0');
    });
  });
});
