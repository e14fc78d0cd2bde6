import { doctorMetric, doctorProtocol, doctorService } from '../../../lib/telemetry/probes.ts';
import type { Signal } from '../../../lib/telemetry/signal.ts';
import { fetchText, type HttpApiOrUrl } from '../../stores/http.ts';
import {
  internalSpan,
  keyValues,
  logsRequest,
  metricsRequest,
  nanoseconds,
  type OtlpResponse,
  rejection,
  severity,
  tracesRequest,
} from '../../stores/otlp.ts';
import type { ProbeItem } from './probe-item.ts';

/** Converts a hex id: OTLP/JSON has hex strings, OTLP/protobuf bytes. */
type WriteId = (hex: string) => unknown;

export function otlpRequest(signal: Signal, item: ProbeItem, id: WriteId): object {
  const time = nanoseconds(item.sentAt);
  const ids = { traceId: id(item.traceId), spanId: id(item.spanId) };
  switch (signal) {
    case 'metrics': {
      const { name, description, unit } = doctorMetric;
      const point = {
        timeUnixNano: time,
        asDouble: item.value,
        attributes: keyValues({ [doctorProtocol]: item.protocol }),
      };
      const metric = { name, description, unit, gauge: { dataPoints: [point] } };
      return metricsRequest(doctorService, [metric]);
    }
    case 'logs': {
      const body = { stringValue: item.text };
      return logsRequest(doctorService, [
        { timeUnixNano: time, ...severity('INFO'), body, ...ids },
      ]);
    }
    case 'traces': {
      const span = {
        ...ids,
        name: `doctor by ${item.protocol}`,
        kind: internalSpan,
        startTimeUnixNano: time,
        endTimeUnixNano: nanoseconds(item.sentAt + 1),
      };
      return tracesRequest(doctorService, [span]);
    }
  }
}

/** @throws Error when the response reports rejected items */
export function requireAll(response: OtlpResponse): void {
  const reason = rejection(response);
  if (reason !== undefined) throw new Error(`rejected: ${reason}`);
}

export async function sendByHttp(
  base: HttpApiOrUrl,
  signal: Signal,
  item: ProbeItem,
): Promise<void> {
  const body = otlpRequest(signal, item, (hex) => hex);
  const response = await fetchText(base, `/v1/${signal}`, { method: 'POST', body });
  requireAll(JSON.parse(response || '{}') as OtlpResponse);
}
