import { collectorMetrics } from '../../../lib/telemetry/collector.ts';
import { RetryLater } from '../../process/retry.ts';
import { increase, type PageSample, parsePage, sumSamples } from '../../stores/exposition.ts';
import { fetchText } from '../../stores/http.ts';
import type { SignalStore } from '../../stores/store.ts';
import { apiOf, type CheckedEndpoint, type StackAccess } from '../model/access.ts';
import type { Protocol } from '../probe/probe-item.ts';

export type MetricsPage = readonly PageSample[];

export async function readMetricsPage(
  access: StackAccess,
  endpoint: CheckedEndpoint = 'collectorMetrics',
): Promise<MetricsPage> {
  return parsePage(await fetchText(apiOf(access, endpoint), '/metrics'));
}

/** @throws RetryLater while the collector has not counted an item of each protocol */
export function requireAccepted(
  { accepted }: SignalStore,
  protocols: readonly Protocol[],
  before: MetricsPage,
  now: MetricsPage,
): void {
  for (const transport of protocols) {
    if (increase(before, now, accepted, { receiver: 'otlp', transport }) > 0) continue;
    throw new RetryLater(`${accepted} of ${transport} did not rise`);
  }
}

/** @throws RetryLater while the exporter has sent fewer items than expected */
export function requireSent(
  { exporter, sent }: SignalStore,
  count: number,
  before: MetricsPage,
  now: MetricsPage,
): void {
  const increased = increase(before, now, sent, { exporter });
  if (increased >= count) return;
  const waiting = sumSamples(now, collectorMetrics.queueSize, { exporter });
  throw new RetryLater(
    `${exporter} has sent ${increased} of ${count} items; ${waiting} bytes wait in its queue`,
  );
}

/** Whether the collector has an exporter of that name: each reports its queue from the start. */
export function hasExporter(page: MetricsPage, exporter: string): boolean {
  return page.some(
    ({ metric, labels }) => metric === collectorMetrics.queueSize && labels.exporter === exporter,
  );
}
