import { type Receiver, severities } from '../../lib/alertmanager/receivers.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { testAlertMetric, testAlertSeverity } from '../../lib/telemetry/probes.ts';
import type { Session } from '../cluster/session.ts';
import { withForwards } from '../connections/endpoint-urls.ts';
import { UserError } from '../process/errors.ts';
import { print, runStep } from '../process/output.ts';
import { PermanentError, RetryLater, retryUntil } from '../process/retry.ts';
import { findAlerts } from '../stores/alertmanager.ts';
import { increase, parsePage } from '../stores/exposition.ts';
import { fetchText } from '../stores/http.ts';
import { keyValues, metricsRequest, nanoseconds } from '../stores/otlp.ts';
import { activeAlerts } from '../stores/prometheus.ts';

type Severity = Receiver['severities'][number];

const alertname = 'TestAlert';

/**
 * `./mantis test-alert`: sends a metric that makes a test alert fire, and follows the alert from
 * Prometheus to Alertmanager and its receivers.
 */
export async function testAlert(session: Session, wanted: string): Promise<void> {
  const severity = parseSeverity(wanted);
  await withForwards(session, ['otlpHttp', 'prometheus', 'alertmanager'], async (urls) => {
    const { name } = testAlertMetric;
    const attributes = keyValues({ [testAlertSeverity]: severity });
    const push = async (value: number) => {
      const point = { timeUnixNano: nanoseconds(Date.now()), asDouble: value, attributes };
      const body = metricsRequest('mantis', [{ name, gauge: { dataPoints: [point] } }]);
      await fetchText(urls.otlpHttp, '/v1/metrics', { method: 'POST', body });
    };
    const readPage = async () => parsePage(await fetchText(urls.alertmanager, '/metrics'));
    const before = await readPage();
    await push(1);
    print(`${name} sent to the collector`);
    try {
      await runStep(
        () => waitForFiring(urls.prometheus, severity, () => push(1)),
        () => `  firing in Prometheus, with severity ${severity}`,
      );
      const names = await runStep(
        () => waitForAlertmanager(urls.alertmanager, severity),
        () => '  received by Alertmanager',
      );
      await waitForNotifications(session, names, severity, async () => {
        const now = await readPage();
        return (metric, integration) => increase(before, now, metric, { integration });
      });
    } finally {
      await push(0);
    }
  });
}

export function parseSeverity(wanted: string): Severity {
  const severity = severities.find((each) => each === wanted);
  if (severity !== undefined) return severity;
  throw new UserError(`--severity must be one of ${severities.join(', ')}, got "${wanted}"`);
}

function waitForFiring(url: string, severity: Severity, push: () => Promise<void>): Promise<void> {
  const probe = async () => {
    await push();
    const own = (await activeAlerts(url)).filter(({ labels }) => labels.alertname === alertname);
    const found = own.find(({ labels }) => labels[label(testAlertSeverity)] === severity);
    if (found?.state !== 'firing') throw new RetryLater(found?.state ?? 'no such alert');
  };
  return retryUntil('the test alert to fire', probe, { timeoutSeconds: 120, intervalMs: 2000 });
}

/** Waits until Alertmanager has the alert. @returns the names of its receivers */
function waitForAlertmanager(url: string, severity: Severity): Promise<string[]> {
  const probe = async () => {
    const alerts = await findAlerts(url, alertname);
    const alert = alerts.find(({ labels }) => labels.severity === severity);
    if (alert === undefined) throw new RetryLater('no such alert');
    return alert.receivers.map(({ name }) => name).filter((name) => name !== 'null');
  };
  return retryUntil('Alertmanager to receive the test alert', probe, { timeoutSeconds: 60 });
}

async function waitForNotifications(
  { settings }: Session,
  names: readonly string[],
  severity: Severity,
  readIncrease: () => Promise<(metric: string, integration: string) => number>,
): Promise<void> {
  if (names.length === 0) {
    print(`\nno receiver has severity ${severity}: see alertmanager.receivers`);
    return;
  }
  const used = settings.alertmanager.receivers
    .filter(({ name }) => names.includes(name))
    .flatMap(integrations);
  const probe = async () => {
    const increased = await readIncrease();
    for (const integration of used) {
      if (increased('alertmanager_notifications_failed_total', integration) > 0) {
        throw new PermanentError(
          `Alertmanager could not notify ${names.join(', ')} by ${integration}: see the logs of pod alertmanager-0`,
        );
      }
      if (increased('alertmanager_notifications_total', integration) === 0) {
        throw new RetryLater(`no notification by ${integration}`);
      }
    }
  };
  await runStep(
    // Longer than group_wait, and than the retries before a notification counts as failed.
    () => retryUntil('the receivers to be notified', probe, { timeoutSeconds: 150 }),
    () => `  sent to ${names.join(', ')} by ${used.join(', ') || 'integrations of extraConfig'}`,
  );
}

/** The integrations of a receiver, as Alertmanager names them in its metrics. */
export function integrations({ webhook, slack, email, pagerduty }: Receiver): string[] {
  const all = Object.entries({ webhook, slack, email, pagerduty });
  return all.filter(([, config]) => config !== undefined).map(([name]) => name);
}
