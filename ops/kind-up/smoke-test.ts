import type { Settings } from '../../lib/schema.ts';
import { attributes, httpMetrics } from '../../lib/telemetry/app.ts';
import { logFields } from '../../lib/telemetry/logs.ts';
import { label, prometheusName } from '../../lib/telemetry/metric.ts';
import { UserError } from '../process/errors.ts';
import { print, runStep } from '../process/output.ts';
import { RetryLater, retryUntil } from '../process/retry.ts';
import { queryLoki } from '../stores/loki.ts';
import { queryPrometheus, type Sample } from '../stores/prometheus.ts';
import { traceById } from '../stores/tempo.ts';
import { sendTracked, type TrackedRequest } from '../stores/tracked-request.ts';

type Urls = Readonly<Record<'shop' | 'prometheus' | 'loki' | 'tempo', string>>;

/** A path of the shop that calls the orders service, so that its trace has spans of both. */
export const ordersPath = '/api/orders';

const requestCount =
  `${prometheusName(httpMetrics.serverDuration)}_count` +
  `{${label(attributes.serviceName)}="shop",${label(attributes.httpRoute)}="${ordersPath}"}`;

/** Sends one request to the shop and waits until its trace, log line and metric are stored. */
export async function smokeTest(
  urls: Urls,
  { collector }: Pick<Settings, 'collector'>,
): Promise<TrackedRequest> {
  const timeoutSeconds = 90;
  const wait = <T>(what: string, probe: () => Promise<T>) =>
    retryUntil(what, probe, { timeoutSeconds, intervalMs: 500 });
  const before = await queryPrometheus(urls.prometheus, requestCount);
  // The first connections to a node port may be refused, until kube-proxy has updated its rules.
  const sent = await wait('the shop answers', () => send(urls.shop));
  await Promise.all([
    runStep(
      () => wait('the trace of a request in Tempo', () => findTrace(urls.tempo, sent)),
      (spans) => `  trace   ${spans} spans of request ${sent.traceId} are in Tempo`,
    ),
    mayDropShopLogs(collector.drop)
      ? print('  log     skipped: a rule of collector.drop may drop it')
      : runStep(
          () => wait('the log line of a request in Loki', () => findLog(urls.loki, sent)),
          (line) => `  log     "${line}" is in Loki`,
        ),
    runStep(
      () => wait('the count of requests in Prometheus', () => findCount(urls.prometheus, before)),
      () => '  metric  the request is counted in Prometheus',
    ),
  ]);
  return sent;
}

/** Whether a rule may drop log lines of the shop: it applies to it, to all services or to a pattern. */
export function mayDropShopLogs(rules: Settings['collector']['drop']): boolean {
  return rules.some(
    ({ signal, services }) =>
      signal === 'logs' &&
      (services?.some((name) => name === 'shop' || name.includes('*')) ?? true),
  );
}

async function send(shop: string): Promise<TrackedRequest> {
  const sent = await sendTracked(shop, ordersPath);
  if (sent.status !== 200)
    throw new UserError(`GET ${ordersPath} of the shop answered ${sent.status}`);
  return sent;
}

async function findTrace(tempo: string, { traceId }: TrackedRequest): Promise<number> {
  const spans = await traceById(tempo, traceId);
  const services = new Set(spans.map(({ service }) => service));
  if (services.size < 2)
    throw new RetryLater(`spans of ${[...services].join(', ') || 'no service'}`);
  return spans.length;
}

async function findLog(loki: string, { traceId, sentAt }: TrackedRequest): Promise<string> {
  const query = `{${label(attributes.serviceName)}="shop"} | ${logFields.traceId}="${traceId}"`;
  const [first] = await queryLoki(loki, query, sentAt - 60);
  if (first === undefined) throw new RetryLater('no log line with the trace id');
  return first.line;
}

async function findCount(prometheus: string, before: readonly Sample[]): Promise<void> {
  const now = await queryPrometheus(prometheus, requestCount);
  if (!anyIncreased(before, now)) throw new RetryLater(`${now.length} series, none has increased`);
}

/** Whether any series is new or has increased; a sum would drop when the series of an old pod ends. */
export function anyIncreased(before: readonly Sample[], now: readonly Sample[]): boolean {
  const key = ({ labels }: Sample) => JSON.stringify(Object.entries(labels).sort());
  const old = new Map(before.map((sample) => [key(sample), sample.value]));
  return now.some((sample) => sample.value > (old.get(key(sample)) ?? 0));
}
