import { collectorMetrics } from '../../../lib/telemetry/collector.ts';
import { examined, type Finding, type Verdict } from '../model/finding.ts';
import type { Reach } from '../model/reach.ts';
import { paths } from '../probe/signal.ts';
import { collectorPage } from './collector-page.ts';

/**
 * How full the collector's queues are.
 *
 * @param limit the share at which CollectorQueueFilling fires too
 */
export function askQueues(reach: Reach, limit: number): Promise<Finding> {
  const subject = {
    area: 'stack' as const,
    hop: 'queues of otel-collector',
    suspects: ['otel-collector', ...Object.values(paths).map(({ store }) => store)] as const,
    cause: 'more comes in than its store takes; docs/runbooks/CollectorQueueFilling.md',
  };
  return examined(subject, async () => verdict(await collectorPage(reach), limit));
}

function verdict(page: Awaited<ReturnType<typeof collectorPage>>, limit: number): Verdict {
  const capacities = page.filter(({ metric }) => metric === collectorMetrics.queueCapacity);
  if (capacities.length === 0) return { status: 'unknown', seen: 'no queue is counted' };
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
  const full = queues.some(({ share }) => share > limit);
  return { status: full ? 'failed' : 'ok', seen: seen.join(', ') };
}
