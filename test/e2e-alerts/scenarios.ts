import { address } from '../../lib/model/topology.ts';
import { testAlertMetric, testAlertSeverity } from '../../lib/telemetry/probes.ts';
import { endFault, startFault } from '../../ops/app/faults.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { NotYet, retryUntil } from '../../ops/process/retry.ts';
import { pushGauge, pushLogs } from '../../ops/stores/collector.ts';
import { fetchText, HttpError } from '../../ops/stores/http.ts';
import type { FaultName } from '../../test-app/faults/catalogue.ts';
import type { Receiver } from './receiver.ts';
import type { Expected } from './timeline.ts';
import type { Watch } from './watch.ts';

/** What a fault is made with. */
export interface Place {
  readonly session: Session;
  readonly receiver: Receiver;
  readonly watch: Watch;
  /** Lets the cluster run without what `broken` of the profile has wrong. */
  readonly repair: () => Promise<void>;
}

/** One fault, and the alerts that it has to cause. */
export interface Scenario {
  /** What the alerts alone do not say. */
  readonly title?: string;
  readonly alerts: readonly Expected[];
  /** The fault is there from the start. */
  readonly already?: true;
  inject(place: Place): Promise<void>;
  /** Done once, when the alerts are seen to be pending. */
  whilePending?(place: Place): Promise<void>;
  /** Done again and again while the fault lasts. */
  keep?(place: Place): Promise<void>;
  clear(place: Place): Promise<void>;
}

/** Alerts whose fault cannot be made on a kind cluster; `promtool test rules` proves them. */
export const unmade: Readonly<Record<string, string>> = {
  Watchdog: 'fires always; it is seen to arrive',
  WalCorruption: 'would need damage to the files of a running store',
  VolumeFilling: 'volumes of kind report no use',
  VolumeAlmostFull: 'volumes of kind report no use',
};

function appFault(
  name: FaultName,
  role: string,
  options: readonly string[],
  alerts: readonly Expected[],
): Scenario {
  return {
    alerts,
    inject: ({ session }) => startFault(session, name, { for: '20m', role, options }),
    clear: ({ session }) => endFault(session, name, role),
  };
}

const scale = ({ session }: Place, what: string, replicas: number) =>
  kubectl(session.target, ['scale', what, `--replicas=${replicas}`]);

function away(workload: string, alerts: readonly Expected[]): Scenario {
  return {
    alerts,
    inject: async (place) => void (await scale(place, workload, 0)),
    clear: async (place) => void (await scale(place, workload, 1)),
  };
}

/** Wrong from the start, by settings and a rule that cannot be evaluated. */
export const brokenFromTheStart: Scenario = {
  alerts: [
    { alert: 'CollectorRefusing' },
    { alert: 'CardinalityNearLimit', labels: { job: 'prometheus' } },
    { alert: 'RuleEvaluationFailing', labels: { job: 'prometheus' } },
  ],
  already: true,
  inject: async () => {},
  clear: ({ repair }) => repair(),
};

const testAlert = async ({ watch }: Place, value: number) =>
  pushGauge((await watch.urls()).otlpHttp, {
    service: 'mantis',
    name: testAlertMetric.name,
    value,
    attributes: { [testAlertSeverity]: 'warning' },
  });

const errorLog = async ({ watch }: Place) =>
  pushLogs((await watch.urls()).otlpHttp, {
    service: 'e2e-logs',
    severity: 'ERROR',
    text: 'made to see an alert',
    time: new Date(),
    count: 10,
  });

const oldLog = async ({ watch }: Place) =>
  pushLogs((await watch.urls()).otlpHttp, {
    service: 'e2e-logs',
    severity: 'INFO',
    text: 'from a wrong clock',
    time: new Date(Date.now() - 10 * 24 * 3600 * 1000),
  });

const configFile = 'alertmanager.yaml';
let config = '';

const setConfig = ({ session }: Place, text: string) =>
  kubectl(session.target, [
    'patch',
    'configmap',
    'alertmanager-config',
    '--type=merge',
    `--patch=${JSON.stringify({ data: { [configFile]: text } })}`,
  ]);

/** Tells Alertmanager to read its file until the answer is as wanted: the kubelet brings it late. */
async function reloaded({ watch }: Place, wanted: 'accepted' | 'refused'): Promise<void> {
  const probe = async () => {
    const { alertmanager } = await watch.urls();
    const answer = await fetchText(alertmanager, '/-/reload', { method: 'POST' }).then(
      () => 'accepted',
      (error: unknown) => {
        if (error instanceof HttpError) return 'refused';
        throw error;
      },
    );
    if (answer !== wanted) throw new NotYet(answer);
  };
  await retryUntil(`a configuration ${wanted}`, probe, { timeoutSeconds: 180, everyMs: 3000 });
}

const badConfig: Scenario = {
  alerts: [{ alert: 'ConfigReloadFailed', labels: { job: 'alertmanager' } }],
  inject: async (place) => {
    const path = `jsonpath={.data.${configFile.replace('.', '\\.')}}`;
    const args = ['get', 'configmap', 'alertmanager-config', `--output=${path}`];
    config = await kubectl(place.session.target, args);
    await setConfig(place, 'nonsense: true');
    await reloaded(place, 'refused');
  },
  clear: async (place) => {
    await setConfig(place, config);
    await reloaded(place, 'accepted');
  },
};

const endpointOf = async ({ session }: Place, endpoint: string) =>
  void (await kubectl(session.target, [
    'set',
    'env',
    'deployment/payments',
    `OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`,
  ]));

/** Faults that do not disturb each other are made at once. */
export const rounds: readonly (readonly Scenario[])[] = [
  [
    // Of one route alone: the kubelet restarts a pod that fails its probes.
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
          silenced: true,
          // Its shorter window has 12 minutes here.
          resolveSeconds: 1500,
        },
      ],
    ),
    // Few enough not to endanger the objective, whose alert would silence this one.
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
      keep: errorLog,
      clear: async () => {},
    },
    {
      alerts: [
        { alert: 'TelemetryDiscarded', labels: { job: 'loki' } },
        { alert: 'CollectorDropping', labels: { exporter: 'otlp_http/loki' } },
      ],
      inject: oldLog,
      keep: oldLog,
      clear: async () => {},
    },
    {
      alerts: [{ alert: 'NotificationsFailing', labels: { job: 'alertmanager' } }],
      inject: ({ receiver }) => receiver.refuse(true),
      clear: ({ receiver }) => receiver.refuse(false),
    },
    {
      alerts: [{ alert: 'TestAlert' }],
      inject: (place) => testAlert(place, 1),
      keep: (place) => testAlert(place, 1),
      clear: (place) => testAlert(place, 0),
    },
    badConfig,
  ],
  [
    away('statefulset/tempo', [
      { alert: 'TargetDown', labels: { job: 'tempo' } },
      { alert: 'CollectorExportFailing', labels: { exporter: 'otlp_grpc/tempo' } },
      {
        alert: 'CollectorQueueFilling',
        labels: { exporter: 'otlp_grpc/tempo' },
        silenced: true,
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
    away('deployment/customers', [{ alert: 'TrafficDropped', labels: { service: 'shop' } }]),
    {
      alerts: [{ alert: 'ServiceSilent', labels: { service: 'payments' } }],
      inject: (place) => endpointOf(place, 'http://127.0.0.1:1'),
      clear: (place) => endpointOf(place, address('otlpHttp', place.session.settings)),
    },
  ],
];

/** Kills a pod of the way of alerts, without a word, between an alert's beginning and its notification. */
const killed = (pod: string): Scenario => ({
  ...away('statefulset/grafana', [{ alert: 'TargetDown', labels: { job: 'grafana' } }]),
  title: `${pod} is killed meanwhile`,
  whilePending: async ({ session: { target }, watch }) => {
    await kubectl(target, ['delete', 'pod', pod, '--grace-period=0', '--force']);
    await watch.disconnect();
  },
});

/** No notification is lost when one of those that carry it is killed. */
export const kills: readonly (readonly Scenario[])[] = [
  [killed('prometheus-0')],
  [killed('alertmanager-0')],
];
