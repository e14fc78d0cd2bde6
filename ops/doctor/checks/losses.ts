import type { ServiceName } from '../../../lib/model/ports.ts';
import { collectorFailures, isForwardExporter } from '../../../lib/telemetry/collector.ts';
import type { DiscardSource } from '../../../lib/telemetry/discards/reason.ts';
import { discardSources } from '../../../lib/telemetry/discards/sources.ts';
import { stackMetrics } from '../../../lib/telemetry/stack.ts';
import { increase, sumSamples } from '../../stores/exposition.ts';
import { isExternal, type StackAccess } from '../model/access.ts';
import { type CheckResult, type Finding, runCheck } from '../model/finding.ts';
import { type MetricsPage, readMetricsPage } from './collector-page.ts';
import { adviceOn, describeCounts, discardsSince, isStored } from './discard-counts.ts';

const { sendFailed, enqueueFailed, refused } = collectorFailures;

/** Counters without reasons, for telemetry that a service received and did not keep. */
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
    service: 'tempo',
    hop: 'refused by tempo',
    metrics: [stackMetrics.tempoRefused],
    runbook: 'TelemetryDiscarded',
  },
] as const;

export type LossPages = ReadonlyMap<ServiceName, MetricsPage | undefined>;

/** The metrics pages of all services that can lose telemetry; undefined if one cannot be read. */
export async function readLossPages(access: StackAccess): Promise<LossPages> {
  const services = deployed(access).map(({ job }) => job);
  const pages = services.map(async (service) => {
    const endpoint = service === 'otel-collector' ? 'collectorMetrics' : service;
    return [service, await readMetricsPage(access, endpoint).catch(() => undefined)] as const;
  });
  return new Map(await Promise.all(pages));
}

/** What an external store discards, only its own metrics say. */
const deployed = (access: StackAccess) =>
  discardSources.filter(({ job }) => !isExternal(access, job));

/** Items that were lost during this run are a failure, earlier ones a warning. */
export async function checkLosses(access: StackAccess, before: LossPages): Promise<Finding[]> {
  const now = await readLossPages(access);
  const own = lossSources.filter(({ service }) => !isExternal(access, service));
  const counted = own.map(({ service, hop, metrics, runbook }) =>
    runCheck(
      {
        area: 'stack',
        hop,
        suspects: [service],
        cause: `docs/runbooks/${runbook}.md says what it can be`,
      },
      async () => evaluate(before.get(service), now.get(service), metrics),
    ),
  );
  const discarded = deployed(access).map(({ job }) =>
    runCheck({ area: 'stack', hop: `discarded by ${job}`, suspects: [job] }, async () =>
      evaluateDiscards(job, before.get(job), now.get(job)),
    ),
  );
  return Promise.all([...counted, ...discarded]);
}

function evaluate(
  before: MetricsPage | undefined,
  now: MetricsPage | undefined,
  metrics: readonly string[],
): CheckResult {
  if (now === undefined) return unreadable;
  const [stores, forward] = [ofStores(now), now.filter((each) => !isOfStores(each))];
  const total = metrics.reduce((sum, metric) => sum + sumSamples(stores, metric), 0);
  const increased =
    before === undefined
      ? 0
      : metrics.reduce((sum, metric) => sum + increase(ofStores(before), stores, metric, {}), 0);
  if (increased > 0) return { status: 'failed', seen: `${increased} items during this run` };
  const notForwarded = metrics.reduce((sum, metric) => sum + sumSamples(forward, metric), 0);
  if (notForwarded > 0) {
    return {
      status: 'warning',
      seen: `${notForwarded} items for destinations of collector.forward since it started; the stores have them`,
      cause: 'docs/runbooks/ForwardDropping.md says what it can be',
    };
  }
  if (total > 0)
    return { status: 'warning', seen: `${total} items since it started, none during this run` };
  return 'nothing since it started';
}

const isOfStores = ({ labels }: MetricsPage[number]) => !isForwardExporter(labels.exporter ?? '');
const ofStores = (page: MetricsPage) => page.filter(isOfStores);

/**
 * Items that are stored nevertheless, or will be, are a warning also if they were counted during
 * this run.
 */
function evaluateDiscards(
  job: DiscardSource['job'],
  before: MetricsPage | undefined,
  now: MetricsPage | undefined,
): CheckResult {
  if (now === undefined) return unreadable;
  const recent = before === undefined ? [] : discardsSince(job, now, before);
  if (recent.length > 0) {
    return {
      status: recent.every(isStored) ? 'warning' : 'failed',
      seen: `during this run: ${describeCounts(recent)}`,
      cause: adviceOn(recent),
    };
  }
  const all = discardsSince(job, now);
  if (all.length === 0) return 'nothing since it started';
  const seen = `since it started: ${describeCounts(all)}; none during this run`;
  return { status: 'warning', seen, cause: adviceOn(all) };
}

const unreadable: CheckResult = { status: 'unknown', seen: 'its metrics page cannot be read' };
