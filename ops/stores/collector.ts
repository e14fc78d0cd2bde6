import { fetchText } from './http.ts';
import { keyValues, metricsRequest, nanoseconds } from './otlp.ts';

interface Gauge {
  readonly service: string;
  readonly name: string;
  readonly value: number;
  readonly attributes: Readonly<Record<string, string>>;
}

export async function pushGauge(url: string, gauge: Gauge): Promise<void> {
  const { service, name, value, attributes } = gauge;
  const timeUnixNano = nanoseconds(Date.now());
  const dataPoints = [{ timeUnixNano, asDouble: value, attributes: keyValues(attributes) }];
  const body = metricsRequest(service, [{ name, gauge: { dataPoints } }]);
  await fetchText(url, '/v1/metrics', { method: 'POST', body });
}
