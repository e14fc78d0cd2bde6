import { randomBytes } from 'node:crypto';
import type { Signal } from '../../lib/telemetry/signal.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import {
  keyValues,
  logsRequest,
  metricsRequest,
  nanoseconds,
  severity,
  tracesRequest,
} from '../../ops/stores/otlp.ts';
import { searchTraces } from '../../ops/stores/tempo.ts';
import { eventually, nowSeconds, withUrls } from './cluster.ts';

/** The attribute with the sender, unless settings name another. */
export const attribute = 'k8s.cluster.name';

export const now = () => nanoseconds(Date.now());

/** One item of a signal, which says in every place that it comes from another cluster. */
export function forgedItem(signal: Signal, service: string): object {
  const claim = { [attribute]: 'forged', k8s_cluster_name: 'forged' };
  const attributes = [
    ...keyValues(claim),
    // Loki flattens a map.
    {
      key: 'k8s',
      value: {
        kvlistValue: {
          values: [
            { key: 'cluster', value: { kvlistValue: { values: keyValues({ name: 'forged' }) } } },
          ],
        },
      },
    },
  ];
  if (signal === 'metrics') {
    const gauge = { dataPoints: [{ timeUnixNano: now(), asInt: '1', attributes }] };
    return metricsRequest(service, [{ name: 'e2e_external', gauge }], claim);
  }
  if (signal === 'logs') {
    const record = { timeUnixNano: now(), body: { stringValue: 'external' }, attributes };
    return logsRequest(service, [{ ...record, ...severity('INFO') }], claim);
  }
  return tracesRequest(service, [{ ...span(), attributes }], claim);
}

export const span = () => ({
  traceId: randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
  name: 'external',
  kind: 2,
  startTimeUnixNano: now(),
  endTimeUnixNano: now(),
});

/** Over gRPC the ids are bytes. */
export const grpcSpans = (service: string) => {
  const { traceId, spanId, ...rest } = span();
  const ids = { traceId: Buffer.from(traceId, 'hex'), spanId: Buffer.from(spanId, 'hex') };
  return tracesRequest(service, [{ ...rest, ...ids }], { [attribute]: 'forged' });
};

export const oneSpan = (service: string) => tracesRequest(service, [span()]);

export async function tracesOf(service: string, cluster: string): Promise<number> {
  return withUrls(['tempo'], async ({ tempo }) => {
    const query = `{ resource.service.name = "${service}" && resource.${attribute} = "${cluster}" }`;
    const range = { start: nowSeconds() - 600, end: nowSeconds() };
    return (await searchTraces(tempo, query, range)).length;
  });
}

export const expectTraces = (service: string, cluster: string, count = 1) =>
  eventually(`${count} traces of ${service} from ${cluster}`, async () => {
    const found = await tracesOf(service, cluster);
    if (found < count) throw new RetryLater(`${found} traces`);
  });
