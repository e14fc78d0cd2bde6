import type { Settings } from '../../lib/schema.ts';
import { attributes, httpMetrics } from '../../lib/telemetry/app.ts';
import { logFields } from '../../lib/telemetry/logs.ts';
import { label, prometheusName } from '../../lib/telemetry/metric.ts';
import { UserError } from '../process/errors.ts';
import { say, step } from '../process/output.ts';
import { NotYet, retryUntil } from '../process/retry.ts';
import { queryLoki } from '../stores/loki.ts';
import { queryPrometheus, type Sample } from '../stores/prometheus.ts';
import { traceById } from '../stores/tempo.ts';
import { sendTracked, type TrackedRequest } from '../stores/tracked-request.ts';

export interface SmokeUrls {
  readonly shop: string;
  readonly prometheus: string;
  readonly loki: string;
  readonly tempo: string;
}

/** A path of the shop that calls the orders service, so that its trace crosses a hop. */
export const path = '/api/orders';

const requests =
  `${prometheusName(httpMetrics.serverDuration)}_count` +
  `{${label(attributes.serviceName)}="shop",${label(attributes.httpRoute)}="${path}"}`;

/**
 * Sends one request through the app and waits until its trace, its log line and its count are
 * stored.
 */
export async function smokeTest(
  urls: SmokeUrls,
  { collector }: Pick<Settings, 'collector'>,
): Promise<TrackedRequest> {
  const timeoutSeconds = 90;
  const wait = <T>(what: string, probe: () => Promise<T>) =>
    retryUntil(what, probe, { timeoutSeconds, everyMs: 500 });
  const before = await queryPrometheus(urls.prometheus, requests);
  // The first answers of a node port may be refused while its rules are still being written.
  const sent = await wait('the shop answers', () => send(urls.shop));
  await Promise.all([
    step(
      () => wait('the trace of a request in Tempo', () => findTrace(urls.tempo, sent)),
      (spans) => `  trace   ${spans} spans of request ${sent.traceId} are in Tempo`,
    ),
    mayDropLog(collector.drop)
      ? say('  log     not looked for: a rule of collector.drop may drop it')
      : step(
          () => wait('the log line of a request in Loki', () => findLog(urls.loki, sent)),
          (line) => `  log     "${line}" is in Loki`,
        ),
    step(
      () => wait('the count of requests in Prometheus', () => findCount(urls.prometheus, before)),
      () => '  metric  the request is counted in Prometheus',
    ),
  ]);
  return sent;
}

/** Whether a rule is about log lines of the shop, of all services or of some named with a `*`. */
export function mayDropLog(rules: Settings['collector']['drop']): boolean {
  return rules.some(
    ({ signal, services }) =>
      signal === 'logs' &&
      (services?.some((name) => name === 'shop' || name.includes('*')) ?? true),
  );
}

async function send(shop: string): Promise<TrackedRequest> {
  const sent = await sendTracked(shop, path);
  if (sent.status !== 200) throw new UserError(`GET ${path} of the shop answered ${sent.status}`);
  return sent;
}

async function findTrace(tempo: string, { traceId }: TrackedRequest): Promise<number> {
  const spans = await traceById(tempo, traceId);
  const services = new Set(spans.map(({ service }) => service));
  if (services.size < 2) throw new NotYet(`spans of ${[...services].join(', ') || 'no service'}`);
  return spans.length;
}

async function findLog(loki: string, { traceId, sentAt }: TrackedRequest): Promise<string> {
  const query = `{${label(attributes.serviceName)}="shop"} | ${logFields.traceId}="${traceId}"`;
  const [first] = await queryLoki(loki, query, sentAt - 60);
  if (first === undefined) throw new NotYet('no line with its trace id');
  return first.line;
}

async function findCount(prometheus: string, before: readonly Sample[]): Promise<void> {
  const now = await queryPrometheus(prometheus, requests);
  if (!anyRisen(before, now)) throw new NotYet(`${now.length} series, none has risen`);
}

/** Whether any series is new or higher; a sum would fall when the series of an old pod ends. */
export function anyRisen(before: readonly Sample[], now: readonly Sample[]): boolean {
  const key = ({ labels }: Sample) => JSON.stringify(Object.entries(labels).sort());
  const old = new Map(before.map((sample) => [key(sample), sample.value]));
  return now.some((sample) => sample.value > (old.get(key(sample)) ?? 0));
}
