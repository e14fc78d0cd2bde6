import { address } from '../../lib/model/addresses.ts';
import { testAlertMetric, testAlertSeverity } from '../../lib/telemetry/probes.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { RetryLater, retryUntil } from '../../ops/process/retry.ts';
import { fetchText, HttpError } from '../../ops/stores/http.ts';
import { endFault, startFault } from '../../ops/test-app/faults.ts';
import type { FaultName } from '../../test-app/faults/catalogue.ts';
import { pushGauge } from '../push-gauge.ts';
import { pushLogs } from '../push-logs.ts';
import type { AlertReceiver } from './alert-receiver.ts';
import type { AlertWatcher } from './alert-watcher.ts';
import type { ExpectedAlert } from './timeline.ts';

export interface ScenarioContext {
  readonly session: Session;
  readonly receiver: AlertReceiver;
  readonly watcher: AlertWatcher;
  /** Deploys the settings without `brokenSettings`. */
  readonly repair: () => Promise<void>;
}

/** One fault, and the alerts that it must cause. */
export interface Scenario {
  /** Added to the names of the alerts in the output. */
  readonly title?: string;
  readonly alerts: readonly ExpectedAlert[];
  /** The fault is part of the deployed settings. */
  readonly presentFromStart?: true;
  inject(context: ScenarioContext): Promise<void>;
  /** Called once, when an alert is pending. */
  whilePending?(context: ScenarioContext): Promise<void>;
  /** Called repeatedly while the fault lasts. */
  repeat?(context: ScenarioContext): Promise<void>;
  clear(context: ScenarioContext): Promise<void>;
}

/**
 * Alerts that cannot be caused on a kind cluster, or have a test of their own; `promtool test rules`
 * tests them.
 */
export const notReproducible: Readonly<Record<string, string>> = {
  Watchdog: 'always fires; its notification is checked',
  WalCorruption: 'needs damaged files of a running store',
  CollectorQueueDamaged: 'needs a damaged file; see test/e2e/damaged-queue.e2e.ts',
  ForwardFailing: 'see test/e2e/forward.e2e.ts',
  ForwardDropping: 'see test/e2e/forward.e2e.ts',
  RemoteWriteFailing:
    'needs a destination that is away; see test/e2e/forward.e2e.ts for its metrics',
  RemoteWriteDropping: 'needs a destination that rejects samples',
  TooManySeries: 'see test/e2e/cardinality.e2e.ts',
  AnnotatedPodRefused: 'see test/e2e/cardinality.e2e.ts',
  AnnotatedPodDown: 'see test/e2e/cardinality.e2e.ts',
  VolumeFilling: 'kubelets do not report volumes of kind',
  VolumeAlmostFull: 'kubelets do not report volumes of kind',
};

function appFault(
  name: FaultName,
  role: string,
  options: readonly string[],
  alerts: readonly ExpectedAlert[],
): Scenario {
  return {
    alerts,
    inject: ({ session }) => startFault(session, name, { for: '20m', role, options }),
    clear: ({ session }) => endFault(session, name, role),
  };
}

const scale = ({ session }: ScenarioContext, what: string, replicas: number) =>
  kubectl(session.target, ['scale', what, `--replicas=${replicas}`]);

function scaledToZero(workload: string, alerts: readonly ExpectedAlert[]): Scenario {
  return {
    alerts,
    inject: async (context) => void (await scale(context, workload, 0)),
    clear: async (context) => void (await scale(context, workload, 1)),
  };
}

/** Faults of the deployed settings, and a rule that cannot be evaluated. */
export const brokenSettingsScenario: Scenario = {
  alerts: [
    { alert: 'CollectorRefusing' },
    { alert: 'CardinalityNearLimit', labels: { job: 'prometheus' } },
    { alert: 'RuleEvaluationFailing', labels: { job: 'prometheus' } },
  ],
  presentFromStart: true,
  inject: async () => {},
  clear: ({ repair }) => repair(),
};

const testAlert = async ({ watcher }: ScenarioContext, value: number) =>
  pushGauge((await watcher.urls()).otlpHttp, {
    service: 'mantis',
    name: testAlertMetric.name,
    value,
    attributes: { [testAlertSeverity]: 'warning' },
  });

const errorLog = async ({ watcher }: ScenarioContext) =>
  pushLogs((await watcher.urls()).otlpHttp, {
    service: 'e2e-logs',
    severity: 'ERROR',
    text: 'test of an alert',
    time: new Date(),
    count: 10,
  });

const oldLog = async ({ watcher }: ScenarioContext) =>
  pushLogs((await watcher.urls()).otlpHttp, {
    service: 'e2e-logs',
    severity: 'INFO',
    text: 'from a wrong clock',
    time: new Date(Date.now() - 10 * 24 * 3600 * 1000),
  });

const configFile = 'alertmanager.yaml';
let config = '';

const patchConfig = ({ session }: ScenarioContext, text: string) =>
  kubectl(session.target, [
    'patch',
    'configmap',
    'alertmanager-config',
    '--type=merge',
    `--patch=${JSON.stringify({ data: { [configFile]: text } })}`,
  ]);

/** Reloads Alertmanager until it has read the new file, which the kubelet updates with a delay. */
async function reloadConfig(
  { watcher }: ScenarioContext,
  expected: 'accepted' | 'refused',
): Promise<void> {
  const probe = async () => {
    const { alertmanager } = await watcher.urls();
    const result = await fetchText(alertmanager, '/-/reload', { method: 'POST' }).then(
      () => 'accepted',
      (error: unknown) => {
        if (error instanceof HttpError) return 'refused';
        throw error;
      },
    );
    if (result !== expected) throw new RetryLater(result);
  };
  await retryUntil(`the configuration to be ${expected}`, probe, {
    timeoutSeconds: 180,
    intervalMs: 3000,
  });
}

const badConfig: Scenario = {
  alerts: [{ alert: 'ConfigReloadFailed', labels: { job: 'alertmanager' } }],
  inject: async (context) => {
    const path = `jsonpath={.data.${configFile.replace('.', '\\.')}}`;
    const args = ['get', 'configmap', 'alertmanager-config', `--output=${path}`];
    config = await kubectl(context.session.target, args);
    await patchConfig(context, 'nonsense: true');
    await reloadConfig(context, 'refused');
  },
  clear: async (context) => {
    await patchConfig(context, config);
    await reloadConfig(context, 'accepted');
  },
};

const setOtlpEndpoint = async ({ session }: ScenarioContext, endpoint: string) =>
  void (await kubectl(session.target, [
    'set',
    'env',
    'deployment/payments',
    `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`,
  ]));

/** The faults of a round are independent and injected at once. */
export const faultRounds: readonly (readonly Scenario[])[] = [
  [
    // For one route only: the kubelet restarts a pod that fails its probes.
    appFault(
      'error-rate',
      'inventory',
      ['rate=0.7', 'route=/api/reservations'],
      [
        { alert: 'ServiceErrors', labels: { service: 'inventory' } },
        { alert: 'ErrorBudgetBurnFast', labels: { service: 'inventory', slo: 'availability' } },
        {
          alert: 'ErrorBudgetBurnSlow',
          labels: { service: 'inventory', slo: 'availability' },
          inhibited: true,
          // Its shorter window is 12 minutes with the test settings.
          resolveSeconds: 1500,
        },
      ],
    ),
    // A low rate, so that no alert of the objective inhibits this one.
    appFault(
      'latency',
      'orders',
      ['ms=4000', 'rate=0.1'],
      [{ alert: 'ServiceSlow', labels: { service: 'orders' } }],
    ),
    appFault(
      'log-flood',
      'payments',
      ['perSecond=200'],
      [{ alert: 'HighLogVolume', labels: { service: 'payments' } }],
    ),
    {
      alerts: [{ alert: 'ErrorLogBurst', labels: { service: 'e2e-logs' } }],
      inject: errorLog,
      repeat: errorLog,
      clear: async () => {},
    },
    {
      alerts: [
        { alert: 'TelemetryDiscarded', labels: { job: 'loki' } },
        { alert: 'CollectorDropping', labels: { exporter: 'otlp_http/loki' } },
      ],
      inject: oldLog,
      repeat: oldLog,
      clear: async () => {},
    },
    {
      alerts: [{ alert: 'NotificationsFailing', labels: { job: 'alertmanager' } }],
      inject: ({ receiver }) => receiver.setFailing(true),
      clear: ({ receiver }) => receiver.setFailing(false),
    },
    {
      alerts: [{ alert: 'TestAlert' }],
      inject: (context) => testAlert(context, 1),
      repeat: (context) => testAlert(context, 1),
      clear: (context) => testAlert(context, 0),
    },
    badConfig,
  ],
  [
    scaledToZero('statefulset/tempo', [
      { alert: 'TargetDown', labels: { job: 'tempo' } },
      { alert: 'CollectorExportFailing', labels: { exporter: 'otlp_grpc/tempo' } },
      {
        alert: 'CollectorQueueFilling',
        labels: { exporter: 'otlp_grpc/tempo' },
        inhibited: true,
      },
    ]),
    appFault(
      'provider-down',
      'payments',
      [],
      [{ alert: 'PaymentsFailing', labels: { service: 'payments' } }],
    ),
  ],
  [
    scaledToZero('deployment/customers', [
      { alert: 'TrafficDropped', labels: { service: 'shop' } },
    ]),
    {
      alerts: [{ alert: 'ServiceSilent', labels: { service: 'payments' } }],
      inject: (context) => setOtlpEndpoint(context, 'http://127.0.0.1:1'),
      clear: (context) => setOtlpEndpoint(context, address('otlpHttp', context.session.settings)),
    },
  ],
];

/** Kills a pod of the alerting pipeline while an alert is pending. */
const podKill = (pod: string): Scenario => ({
  ...scaledToZero('statefulset/grafana', [{ alert: 'TargetDown', labels: { job: 'grafana' } }]),
  title: `${pod} is killed while it is pending`,
  whilePending: async ({ session: { target }, watcher }) => {
    await kubectl(target, ['delete', 'pod', pod, '--grace-period=0', '--force']);
    await watcher.disconnect();
  },
});

/** The notification must arrive although Prometheus or Alertmanager is killed. */
export const podKillRounds: readonly (readonly Scenario[])[] = [
  [podKill('prometheus-0')],
  [podKill('alertmanager-0')],
];
