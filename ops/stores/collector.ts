import { fetchText } from './http.ts';
import {
  keyValues,
  logsRequest,
  metricsRequest,
  nanoseconds,
  severity,
  type severityNumbers,
} from './otlp.ts';

/** One point of a gauge. */
interface Gauge {
  readonly service: string;
  readonly name: string;
  readonly value: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Sends a gauge by OTLP over HTTP. */
export async function pushGauge(url: string, gauge: Gauge): Promise<void> {
  const { service, name, value, attributes } = gauge;
  const timeUnixNano = nanoseconds(Date.now());
  const dataPoints = [{ timeUnixNano, asDouble: value, attributes: keyValues(attributes) }];
  const body = metricsRequest(service, [{ name, gauge: { dataPoints } }]);
  await fetchText(url, '/v1/metrics', { method: 'POST', body });
}

interface LogLines {
  readonly service: string;
  readonly text: string;
  readonly severity: keyof typeof severityNumbers;
  readonly time: Date;
  /** @default 1 */
  readonly count?: number;
}

/** Sends equal log lines by OTLP over HTTP. */
export async function pushLogs(url: string, lines: LogLines): Promise<void> {
  const { service, text, time, count = 1 } = lines;
  const records = Array.from({ length: count }, (_, index) => ({
    // Loki stores lines of the same time and text once.
    timeUnixNano: `${time.getTime()}${String(index).padStart(6, '0')}`,
    ...severity(lines.severity),
    body: { stringValue: text },
  }));
  await fetchText(url, '/v1/logs', { method: 'POST', body: logsRequest(service, records) });
}
