import { doctorMetric, doctorProtocol, doctorService } from '../../../lib/telemetry/probes.ts';
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
import type { Mark, Signal } from './mark.ts';

/** Ids are hex in OTLP's JSON and bytes in its binary form. */
export type WriteId = (hex: string) => unknown;

/** One item of a signal, as a request of OTLP. */
export function otlpRequest(signal: Signal, mark: Mark, id: WriteId): object {
  const time = nanoseconds(mark.sentAt);
  const ids = { traceId: id(mark.traceId), spanId: id(mark.spanId) };
  switch (signal) {
    case 'metrics': {
      const { name, description, unit } = doctorMetric;
      const point = {
        timeUnixNano: time,
        asDouble: mark.value,
        attributes: keyValues({ [doctorProtocol]: mark.protocol }),
      };
      const metric = { name, description, unit, gauge: { dataPoints: [point] } };
      return metricsRequest(doctorService, [metric]);
    }
    case 'logs': {
      const body = { stringValue: mark.text };
      return logsRequest(doctorService, [
        { timeUnixNano: time, ...severity('INFO'), body, ...ids },
      ]);
    }
    case 'traces': {
      const span = {
        ...ids,
        name: `doctor by ${mark.protocol}`,
        kind: internalSpan,
        startTimeUnixNano: time,
        endTimeUnixNano: nanoseconds(mark.sentAt + 1),
      };
      return tracesRequest(doctorService, [span]);
    }
  }
}

/** @throws Error when something was rejected */
export function requireAll(response: OtlpResponse): void {
  const reason = rejection(response);
  if (reason !== undefined) throw new Error(`rejected: ${reason}`);
}
