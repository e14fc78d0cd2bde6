import { collectorMetrics } from '../../../lib/telemetry/collector.ts';
import { NotYet } from '../../process/retry.ts';
import { type PageSample, parsePage, sumOf } from '../../stores/exposition.ts';
import { fetchText } from '../../stores/http.ts';
import { apiOf, type Reach } from '../model/reach.ts';
import type { Protocol } from '../probe/mark.ts';
import type { SignalPath } from '../probe/signal.ts';

export type Page = readonly PageSample[];

/** What the collector counts, at this moment. */
export async function collectorPage(reach: Reach): Promise<Page> {
  return parsePage(await fetchText(apiOf(reach, 'collectorMetrics'), '/metrics'));
}

/** @throws NotYet while the collector has not counted what came by a protocol */
export function requireAccepted(
  { accepted }: SignalPath,
  protocols: readonly Protocol[],
  before: Page,
  now: Page,
): void {
  for (const transport of protocols) {
    if (rise(before, now, accepted, { receiver: 'otlp', transport }) > 0) continue;
    throw new NotYet(`${accepted} of ${transport} did not rise`);
  }
}

/** @throws NotYet while the exporter has handed on less than was sent, with what holds it up */
export function requireSent(
  { exporter, sent }: SignalPath,
  count: number,
  before: Page,
  now: Page,
): void {
  const risen = rise(before, now, sent, { exporter });
  if (risen >= count) return;
  const waiting = sumOf(now, collectorMetrics.queueSize, { exporter });
  throw new NotYet(
    `${exporter} has sent ${risen} of ${count} items; ${waiting} bytes wait in its queue`,
  );
}

/** Whether the configuration has an exporter of that name at all: each has a queue from the start. */
export function hasExporter(page: Page, exporter: string): boolean {
  return page.some(
    ({ metric, labels }) => metric === collectorMetrics.queueSize && labels.exporter === exporter,
  );
}

/** By how much a counter rose; one that fell began again, with its process. */
export function rise(
  before: Page,
  now: Page,
  metric: string,
  labels: Readonly<Record<string, string>>,
): number {
  const [then, value] = [sumOf(before, metric, labels), sumOf(now, metric, labels)];
  return value < then ? value : value - then;
}
