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

/** Sends one log line of a time that the sender says. */
export async function pushLog(url: string, service: string, text: string, time: Date) {
  const record = { timeUnixNano: `${time.getTime()}000000`, body: { stringValue: text } };
  const body = {
    resourceLogs: [
      {
        resource: { attributes: attributes({ 'service.name': service }) },
        scopeLogs: [{ logRecords: [record] }],
      },
    ],
  };
  await fetchText(url, '/v1/logs', { method: 'POST', body });
}

function attributes(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([key, value]) => ({ key, value: { stringValue: value } }));
}
