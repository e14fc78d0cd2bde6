import { type Receiver, severities } from '../../lib/alertmanager/receivers.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { testAlertMetric, testAlertSeverity } from '../../lib/telemetry/probes.ts';
import type { Session } from '../cluster/session.ts';
import { withForwards } from '../connections/connections.ts';
import { UserError } from '../process/errors.ts';
import { say, step } from '../process/output.ts';
import { GiveUp, NotYet, retryUntil } from '../process/retry.ts';
import { knownAlerts, notificationCounts } from '../stores/alertmanager.ts';
import { pushGauge } from '../stores/collector.ts';
import { activeAlerts } from '../stores/prometheus.ts';

type Severity = Receiver['severities'][number];

const alertname = 'TestAlert';

/**
 * Lets an alert fire and follows it: a metric pushed to the collector, the rule on it in Prometheus,
 * Alertmanager, and whoever it tells.
 */
export async function testAlert(session: Session, wanted: string): Promise<void> {
  const severity = severityOf(wanted);
  await withForwards(session, ['otlpHttp', 'prometheus', 'alertmanager'], async (urls) => {
    const push = (value: number) =>
      pushGauge(urls.otlpHttp, {
        service: 'mantis',
        name: testAlertMetric.name,
        value,
        attributes: { [testAlertSeverity]: severity },
      });
    const before = await notificationCounts(urls.alertmanager);
    await push(1);
    say(`${testAlertMetric.name} is sent to the collector`);
    try {
      await step(
        () => firing(urls.prometheus, severity, () => push(1)),
        () => `  fires in Prometheus, with severity ${severity}`,
      );
      const names = await step(
        () => known(urls.alertmanager, severity),
        () => '  is known to Alertmanager',
      );
      await told(session, names, severity, () => notified(urls.alertmanager, before));
    } finally {
      await push(0);
    }
  });
}

export function severityOf(wanted: string): Severity {
  const known = severities.find((each) => each === wanted);
  if (known !== undefined) return known;
  throw new UserError(`SEVERITY must be one of ${severities.join(', ')}, got "${wanted}"`);
}

function firing(url: string, severity: Severity, again: () => Promise<void>): Promise<void> {
  const probe = async () => {
    await again();
    const own = (await activeAlerts(url)).filter(({ labels }) => labels.alertname === alertname);
    const found = own.find(({ labels }) => labels[label(testAlertSeverity)] === severity);
    if (found?.state !== 'firing') throw new NotYet(found?.state ?? 'no such alert');
  };
  return retryUntil('the test alert to fire', probe, { timeoutSeconds: 120, everyMs: 2000 });
}

/** Waits for the alert; gives the names of those who are to be told. */
function known(url: string, severity: Severity): Promise<string[]> {
  const probe = async () => {
    const alerts = await knownAlerts(url, alertname);
    const alert = alerts.find(({ labels }) => labels.severity === severity);
    if (alert === undefined) throw new NotYet('not there');
    return alert.receivers.map(({ name }) => name).filter((name) => name !== 'null');
  };
  return retryUntil('Alertmanager to know the test alert', probe, { timeoutSeconds: 60 });
}

async function told(
  { settings }: Session,
  names: readonly string[],
  severity: Severity,
  counts: () => Promise<{ sent: Map<string, number>; failed: Map<string, number> }>,
): Promise<void> {
  if (names.length === 0) {
    say(`\nNobody is to be told of severity ${severity}: alertmanager.receivers says who is`);
    return;
  }
  const ways = settings.alertmanager.receivers
    .filter(({ name }) => names.includes(name))
    .flatMap(integrations);
  const probe = async () => {
    const { sent, failed } = await counts();
    for (const way of ways) {
      const failures = failed.get(way) ?? 0;
      if (failures > 0) {
        throw new GiveUp(
          `Alertmanager could not tell ${names.join(', ')} by ${way}: kubectl logs of alertmanager-0 says why`,
        );
      }
      if ((sent.get(way) ?? 0) === 0) throw new NotYet(`nothing was sent by ${way}`);
    }
  };
  await step(
    // Alertmanager waits before it tells of a new group, and a failure is one after many attempts.
    () => retryUntil('the receivers to be told', probe, { timeoutSeconds: 150 }),
    () => `  has reached ${names.join(', ')} by ${ways.join(', ') || 'ways of your own'}`,
  );
}

/** What became of notifications since. */
async function notified(url: string, before: Awaited<ReturnType<typeof notificationCounts>>) {
  const { sent, failed } = await notificationCounts(url);
  return { sent: since(before.sent, sent), failed: since(before.failed, failed) };
}

function since(before: Map<string, number>, now: Map<string, number>): Map<string, number> {
  return new Map([...now].map(([way, count]) => [way, count - (before.get(way) ?? 0)]));
}

/** The ways of a receiver, as Alertmanager names them. */
export function integrations({ webhook, slack, email, pagerduty }: Receiver): string[] {
  const ways = Object.entries({ webhook, slack, email, pagerduty });
  return ways.filter(([, way]) => way !== undefined).map(([name]) => name);
}
