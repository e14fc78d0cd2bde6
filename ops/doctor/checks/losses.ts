import type { ServiceName } from '../../../lib/model/ports.ts';
import { collectorFailures } from '../../../lib/telemetry/collector.ts';
import { stackMetrics } from '../../../lib/telemetry/stack.ts';
import { sumSamples } from '../../stores/exposition.ts';
import type { StackAccess } from '../model/access.ts';
import { type CheckResult, type Finding, runCheck } from '../model/finding.ts';
import { increase, type MetricsPage, readMetricsPage } from './collector-page.ts';

const { sendFailed, enqueueFailed, refused } = collectorFailures;

/** The counters of each service for telemetry that it received and did not keep. */
const lossSources = [
  {
    service: 'otel-collector',
    hop: 'given up by otel-collector',
    metrics: [...Object.values(sendFailed), ...Object.values(enqueueFailed)],
    runbook: 'CollectorDropping',
  },
  {
    service: 'otel-collector',
    hop: 'refused by otel-collector',
    metrics: Object.values(refused),
    runbook: 'CollectorRefusing',
  },
  {
    service: 'prometheus',
    hop: 'discarded by prometheus',
    metrics: [
      stackMetrics.prometheusTooOld,
      stackMetrics.prometheusOutOfBound,
      stackMetrics.prometheusOutOfOrder,
    ],
    runbook: 'TelemetryDiscarded',
  },
  {
    service: 'loki',
    hop: 'discarded by loki',
    metrics: [stackMetrics.lokiDiscarded],
    runbook: 'TelemetryDiscarded',
  },
  {
    service: 'tempo',
    hop: 'discarded by tempo',
    metrics: [stackMetrics.tempoDiscarded, stackMetrics.tempoRefused],
    runbook: 'TelemetryDiscarded',
  },
] as const;

type Pages = ReadonlyMap<ServiceName, MetricsPage | undefined>;

/** The metrics pages of all services that can lose telemetry; undefined if one cannot be read. */
export async function readLossPages(access: StackAccess): Promise<Pages> {
  const services = new Set(lossSources.map(({ service }) => service));
  const pages = [...services].map(async (service) => {
    const endpoint = service === 'otel-collector' ? 'collectorMetrics' : service;
    return [service, await readMetricsPage(access, endpoint).catch(() => undefined)] as const;
  });
  return new Map(await Promise.all(pages));
}

/** Items that were lost during this run are a failure, earlier ones a warning. */
export async function checkLosses(access: StackAccess, before: Pages): Promise<Finding[]> {
  const now = await readLossPages(access);
  return Promise.all(
    lossSources.map(({ service, hop, metrics, runbook }) =>
      runCheck(
        {
          area: 'stack',
          hop,
          suspects: [service],
          cause: `docs/runbooks/${runbook}.md says what it can be`,
        },
        async () => evaluate(before.get(service), now.get(service), metrics),
      ),
    ),
  );
}

function evaluate(
  before: MetricsPage | undefined,
  now: MetricsPage | undefined,
  metrics: readonly string[],
): CheckResult {
  if (now === undefined) return { status: 'unknown', seen: 'its metrics page cannot be read' };
  const total = metrics.reduce((sum, metric) => sum + sumSamples(now, metric), 0);
  const increased =
    before === undefined
      ? 0
      : metrics.reduce((sum, metric) => sum + increase(before, now, metric, {}), 0);
  if (increased > 0) return { status: 'failed', seen: `${increased} items during this run` };
  if (total > 0)
    return { status: 'warning', seen: `${total} items since it started, none during this run` };
  return 'nothing since it started';
}
