import { fetchText } from './http.ts';

/** One point of a gauge, as an app would push it. */
export interface Gauge {
  readonly service: string;
  readonly name: string;
  readonly value: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Sends a gauge by OTLP over HTTP. */
export async function pushGauge(url: string, gauge: Gauge): Promise<void> {
  const point = {
    timeUnixNano: `${Date.now()}000000`,
    asDouble: gauge.value,
    attributes: attributes(gauge.attributes),
  };
  const body = {
    resourceMetrics: [
      {
        resource: { attributes: attributes({ 'service.name': gauge.service }) },
        scopeMetrics: [{ metrics: [{ name: gauge.name, gauge: { dataPoints: [point] } }] }],
      },
    ],
  };
  await fetchText(url, '/v1/metrics', { method: 'POST', body });
}

export interface LogLines {
  readonly service: string;
  readonly text: string;
  readonly severity: 'INFO' | 'ERROR';
  /** When it happened, if the sender is to be believed. */
  readonly time: Date;
  /** How many of them. @default 1 */
  readonly count?: number;
}

/** Sends equal log lines by OTLP over HTTP. */
export async function pushLogs(url: string, lines: LogLines): Promise<void> {
  const { service, text, severity, time, count = 1 } = lines;
  const records = Array.from({ length: count }, (_, index) => ({
    // A line of the same time and text would be stored once.
    timeUnixNano: `${time.getTime()}${String(index).padStart(6, '0')}`,
    severityText: severity,
    severityNumber: severity === 'ERROR' ? 17 : 9,
    body: { stringValue: text },
  }));
  const body = {
    resourceLogs: [
      {
        resource: { attributes: attributes({ 'service.name': service }) },
        scopeLogs: [{ logRecords: records }],
      },
    ],
  };
  await fetchText(url, '/v1/logs', { method: 'POST', body });
}

function attributes(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([key, value]) => ({ key, value: { stringValue: value } }));
}
