import { collectorMetrics } from '../../../lib/telemetry/collector.ts';
import { signals } from '../../../lib/telemetry/signal.ts';
import { stackMetrics } from '../../../lib/telemetry/stack.ts';
import { protocols } from '../probe/probe-item.ts';
import { signalPaths } from '../probe/signal-paths.ts';
import type { FakeStack } from './fake-stack.ts';

/** The collector's metrics page, with the labels that a real one has. */
export function collectorPageOf({ fault, accepted, sent, pagesRead }: FakeStack): string {
  const {
    lacksExporter,
    queue = 0.01,
    lostBefore = 0,
    losesItems: losesNow,
  } = fault.collector ?? {};
  const lines = signals.flatMap((signal) => {
    const path = signalPaths[signal];
    const queueLabels = `{data_type="${signal}",exporter="${path.exporter}"}`;
    const exporter = [
      `${path.sent}{exporter="${path.exporter}",server_port="3100"} ${sent[signal]}`,
      `${collectorMetrics.queueCapacity}${queueLabels} 5.36870912e+08`,
      `${collectorMetrics.queueSize}${queueLabels} ${Math.round(queue * 5.36870912e8)}`,
    ];
    return [
      ...protocols.map(
        (protocol) =>
          `${path.accepted}{receiver="otlp",transport="${protocol}"} ${accepted[signal][protocol]}`,
      ),
      ...(lacksExporter === signal ? [] : exporter),
    ];
  });
  const lost = lostBefore + (losesNow ? pagesRead : 0);
  return ['# HELP a page', ...lines, `${collectorMetrics.sendFailedLogRecords} ${lost}`].join('\n');
}

const discarded: Readonly<Record<string, string>> = {
  prometheus: stackMetrics.prometheusTooOld,
  loki: stackMetrics.lokiDiscarded,
  tempo: stackMetrics.tempoDiscarded,
};

export function storePageOf({ fault }: FakeStack, endpoint: string): string {
  return `${discarded[endpoint]}{reason="rate_limited"} ${fault.discards === endpoint ? 7 : 0}`;
}
