import { collectorMetrics, isForwardExporter } from '../../../lib/telemetry/collector.ts';
import { signalStores } from '../../stores/stores.ts';
import type { StackAccess } from '../model/access.ts';
import { type CheckResult, type Finding, runCheck } from '../model/finding.ts';
import { type MetricsPage, readMetricsPage } from './collector-page.ts';

/**
 * How full the collector's queues are.
 *
 * @param limit the share at which CollectorQueueFilling fires too
 */
export function checkQueues(access: StackAccess, limit: number): Promise<Finding> {
  const subject = {
    area: 'stack' as const,
    hop: 'queues of otel-collector',
    suspects: ['otel-collector', ...Object.values(signalStores).map(({ name }) => name)] as const,
    cause: 'more telemetry arrives than the store accepts: docs/runbooks/CollectorQueueFilling.md',
  };
  return runCheck(subject, async () => evaluate(await readMetricsPage(access), limit));
}

function evaluate(page: MetricsPage, limit: number): CheckResult {
  const capacities = page.filter(({ metric }) => metric === collectorMetrics.queueCapacity);
  if (capacities.length === 0) return { status: 'unknown', seen: 'the collector reports no queue' };
  const queues = capacities.map(({ labels: { exporter = '', data_type: type }, value }) => {
    const queue = page.find(
      ({ metric, labels }) =>
        metric === collectorMetrics.queueSize &&
        labels.exporter === exporter &&
        labels.data_type === type,
    );
    return { exporter, share: (queue?.value ?? 0) / value };
  });
  const seen = queues.map(({ exporter, share }) => `${exporter} ${(share * 100).toFixed(1)} %`);
  const full = queues.filter(({ share }) => share > limit);
  if (full.length === 0) return { status: 'ok', seen: seen.join(', ') };
  // The stores do not wait for further destinations.
  if (full.every(({ exporter }) => isForwardExporter(exporter))) {
    const cause = 'a destination of collector.forward: docs/runbooks/ForwardFailing.md';
    return { status: 'warning', seen: seen.join(', '), cause };
  }
  return { status: 'failed', seen: seen.join(', ') };
}
