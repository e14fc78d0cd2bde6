import { collectorFailures } from '../../../lib/telemetry/collector.ts';
import { stackMetrics } from '../../../lib/telemetry/stack.ts';
import { type PageSample, parsePage, sumOf } from '../../stores/exposition.ts';
import { fetchText } from '../../stores/http.ts';
import { examined, type Finding, type Verdict } from '../model/finding.ts';
import { apiOf, type Place, type Reach } from '../model/reach.ts';
import { rise } from './collector-page.ts';

const { sendFailed, enqueueFailed, refused } = collectorFailures;

/** What each component counts when it does not keep what it was sent. */
const counted = [
  {
    component: 'otel-collector',
    place: 'collectorMetrics',
    what: 'given up by otel-collector',
    metrics: [...Object.values(sendFailed), ...Object.values(enqueueFailed)],
    runbook: 'CollectorDropping',
  },
  {
    component: 'otel-collector',
    place: 'collectorMetrics',
    what: 'refused by otel-collector',
    metrics: Object.values(refused),
    runbook: 'CollectorRefusing',
  },
  {
    component: 'prometheus',
    place: 'prometheus',
    what: 'discarded by prometheus',
    metrics: [
      stackMetrics.prometheusTooOld,
      stackMetrics.prometheusOutOfBound,
      stackMetrics.prometheusOutOfOrder,
    ],
    runbook: 'TelemetryDiscarded',
  },
  {
    component: 'loki',
    place: 'loki',
    what: 'discarded by loki',
    metrics: [stackMetrics.lokiDiscarded],
    runbook: 'TelemetryDiscarded',
  },
  {
    component: 'tempo',
    place: 'tempo',
    what: 'discarded by tempo',
    metrics: [stackMetrics.tempoDiscarded, stackMetrics.tempoRefused],
    runbook: 'TelemetryDiscarded',
  },
] as const;

type Pages = ReadonlyMap<Place, readonly PageSample[]>;

/** The metrics pages of all who could lose something; of those that answer. */
export async function lossPages(reach: Reach): Promise<Pages> {
  const places = [...new Set(counted.map(({ place }) => place))];
  const pages = await Promise.allSettled(
    places.map(async (place) => parsePage(await fetchText(apiOf(reach, place), '/metrics'))),
  );
  return new Map(
    pages.flatMap((page, index) => {
      const place = places[index];
      return page.status === 'fulfilled' && place !== undefined ? [[place, page.value]] : [];
    }),
  );
}

/** What was lost while the doctor looked is a failure; what was lost before it, a warning. */
export async function askLosses(reach: Reach, before: Pages): Promise<Finding[]> {
  const now = await lossPages(reach);
  return Promise.all(
    counted.map(({ component, place, what, metrics, runbook }) =>
      examined(
        {
          area: 'stack',
          hop: what,
          suspects: [component],
          cause: `docs/runbooks/${runbook}.md says what it can be`,
        },
        async () => verdict(before.get(place), now.get(place), metrics),
      ),
    ),
  );
}

function verdict(
  before: readonly PageSample[] | undefined,
  now: readonly PageSample[] | undefined,
  metrics: readonly string[],
): Verdict {
  if (now === undefined) return { status: 'unknown', seen: 'its metrics page does not answer' };
  const total = metrics.reduce((sum, metric) => sum + sumOf(now, metric), 0);
  const risen =
    before === undefined
      ? 0
      : metrics.reduce((sum, metric) => sum + rise(before, now, metric, {}), 0);
  if (risen > 0) return { status: 'failed', seen: `${risen} items while the doctor looked` };
  if (total > 0) return { status: 'warning', seen: `${total} items since it started, none now` };
  return 'nothing since it started';
}
