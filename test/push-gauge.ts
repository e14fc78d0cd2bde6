import { fetchText } from '../ops/stores/http.ts';
import { keyValues, metricsRequest, nanoseconds } from '../ops/stores/otlp.ts';

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
