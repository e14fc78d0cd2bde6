import { logAlerts, metricAlerts } from '../../../alerts/index.ts';
import { isService } from '../../../lib/model/parts.ts';
import { services } from '../../../lib/model/ports.ts';
import { collectorMetrics } from '../../../lib/telemetry/collector.ts';
import { discardSources } from '../../../lib/telemetry/discards/sources.ts';
import { signals } from '../../../lib/telemetry/signal.ts';
import { stackMetrics } from '../../../lib/telemetry/stack.ts';
import { defaultSettings } from '../../../settings/load.ts';
import { signalStores } from '../../stores/stores.ts';
import { protocols } from '../probe/probe-item.ts';
import type { StackState } from './fault.ts';

interface FakeResponse {
  readonly code: number;
  readonly text: string;
}

const json = (value: unknown): FakeResponse => ({ code: 200, text: JSON.stringify(value) });

export function respondAs(
  stack: StackState,
  endpoint: string,
  path: string,
  query: URLSearchParams,
): FakeResponse {
  if (endpoint === 'grafana') return grafana(stack, path, query);
  if (isService(endpoint) && path === services[endpoint].readyPath)
    return { code: 200, text: 'ready' };
  if (path.endsWith('/api/v1/rules')) return rules(stack, endpoint);
  const answer = stores[endpoint]?.(stack, path, query);
  if (answer !== undefined) return answer;
  return path === '/api/v2/status' && endpoint === 'alertmanager'
    ? json({ uptime: 'long' })
    : { code: 404, text: 'no such page' };
}

type RequestHandler = (
  stack: StackState,
  path: string,
  query: URLSearchParams,
) => FakeResponse | undefined;

const stores: Readonly<Record<string, RequestHandler>> = { prometheus, loki, tempo };

function prometheus(
  stack: StackState,
  path: string,
  query: URLSearchParams,
): FakeResponse | undefined {
  if (path === '/api/v1/targets') return targets(stack);
  if (path !== '/api/v1/query') return undefined;
  const expression = query.get('query') ?? '';
  if (expression.includes(stackMetrics.volumeUsed)) {
    const { volume } = stack.fault;
    const metric = { persistentvolumeclaim: 'data-loki-0' };
    const result = volume === undefined ? [] : [{ metric, value: [0, String(volume)] }];
    return json({ data: { resultType: 'vector', result } });
  }
  const values = stack.stored.metrics
    .filter(({ protocol }) => expression.includes(`"${protocol}"`))
    .flatMap(({ request }) => strings(request, 'asDouble'));
  const result = [{ metric: {}, values: values.map((value) => [0, value]) }];
  return json({ data: { resultType: 'matrix', result } });
}

function loki(stack: StackState, path: string, query: URLSearchParams): FakeResponse | undefined {
  if (path === '/loki/api/v1/labels') return json({ status: 'success', data: [] });
  if (path !== '/loki/api/v1/query_range') return undefined;
  const lines = stack.stored.logs
    .flatMap(({ request }) => strings(request, 'stringValue'))
    .filter((line) => query.get('query')?.includes(`"${line}"`));
  const result = [{ stream: {}, values: lines.map((line) => ['0', line]) }];
  return json({ data: { resultType: 'streams', result } });
}

function tempo(stack: StackState, path: string, query: URLSearchParams): FakeResponse | undefined {
  const ids = stack.stored.traces.flatMap(({ request }) => strings(request, 'traceId'));
  if (path === '/api/search') {
    const wanted = ids.filter((id) => query.get('q')?.includes(id));
    const traces = stack.fault.hidesFromSearch ? [] : wanted.map((traceID) => ({ traceID }));
    return json({ traces });
  }
  const [, id = ''] = /^\/api\/v2\/traces\/(\w+)$/.exec(path) ?? [];
  if (!ids.includes(id)) return { code: 404, text: 'trace not found' };
  const spans = [{ spanId: 'b000000000000000', name: 'doctor' }];
  return json({ trace: { resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] } });
}

/** The values of a key at any depth; bytes as hex. */
function strings(value: unknown, key: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => {
    if (name !== key) return strings(below, key);
    return [Buffer.isBuffer(below) ? below.toString('hex') : String(below)];
  });
}

function targets({ fault }: StackState): FakeResponse {
  const stack = ['otel-collector', 'prometheus', 'loki', 'tempo', 'grafana', 'alertmanager'];
  const target = (scrapePool: string, down: boolean) => ({
    scrapePool,
    scrapeUrl: `http://${scrapePool}/metrics`,
    health: down ? 'down' : 'up',
    lastError: down ? 'connection refused' : '',
  });
  const activeTargets = [
    ...stack
      .filter((job) => job !== fault.notScraped)
      .map((job) => target(job, job === fault.targetDown)),
    target('annotated-pods', fault.annotatedPodDown === true),
  ];
  return json({ data: { activeTargets } });
}

function rules({ fault }: StackState, endpoint: string): FakeResponse {
  const alerts = (endpoint === 'loki' ? logAlerts : metricAlerts)(defaultSettings());
  const loaded = alerts.slice(fault.ruleMissing ? 1 : 0).map(({ alert }) => ({
    name: alert,
    health: fault.ruleError ? 'err' : 'ok',
    lastError: fault.ruleError ? 'many-to-many matching' : undefined,
  }));
  return json({ data: { groups: [{ name: 'all', rules: loaded }] } });
}

function grafana(stack: StackState, path: string, query: URLSearchParams): FakeResponse {
  const {
    refusesLogin,
    missingDatasource: lacks,
    brokenDatasource: misled,
    wrongDatasource: elsewhere,
    refusedCredential: refused,
  } = stack.fault.grafana ?? {};
  if (path === services.grafana.readyPath) return json({ database: 'ok' });
  if (refusesLogin) return { code: 401, text: 'Invalid username or password' };
  const [, uid = '', below = ''] =
    /^\/api\/datasources\/(?:proxy\/)?uid\/(\w+)(\/.*)$/.exec(path) ?? [];
  if (uid === lacks) return { code: 404, text: 'Data source not found' };
  if (uid === misled) return { code: 502, text: 'Bad Gateway' };
  if (uid === refused) return { code: 400, text: 'Authentication to data source failed' };
  if (below === '/health') return json({ status: 'OK', message: 'the datasource is healthy' });
  if (uid === elsewhere) {
    return respondAs(withoutData(stack), uid, below, query);
  }
  return respondAs(stack, uid, below, query);
}

/** Another healthy stack that has received nothing. */
function withoutData(stack: StackState): StackState {
  return { ...stack, stored: { metrics: [], logs: [], traces: [] } };
}

/** The collector's metrics page, with the labels that a real one has. */
export function collectorPageOf({ fault, accepted, sent, pagesRead }: StackState): string {
  const { lacksExporter, queue = 0.01, lostBefore = 0, losesItems } = fault.collector ?? {};
  const lines = signals.flatMap((signal) => {
    const path = signalStores[signal];
    const queueLabels = `{data_type="${signal}",exporter="${path.exporter}"}`;
    const exporter = [
      `${path.sent}{exporter="${path.exporter}",server_port="3100"} ${sent[signal]}`,
      `${collectorMetrics.queueCapacity}${queueLabels} 5.36870912e+08`,
      `${collectorMetrics.queueSize}${queueLabels} ${Math.round(queue * 5.36870912e8)}`,
    ];
    return [
      ...protocols.map(
        (protocol) =>
          `${path.accepted}{receiver="otlp",transport="${protocol}"} ${accepted[signal][protocol]}`,
      ),
      ...(lacksExporter === signal ? [] : exporter),
    ];
  });
  const lost = lostBefore + (losesItems ? pagesRead : 0);
  return ['# HELP a page', ...lines, `${collectorMetrics.sendFailedLogRecords} ${lost}`].join('\n');
}

export function storePageOf({ fault }: StackState, endpoint: string): string {
  const metric = discardSources.find(({ job }) => job === endpoint)?.counters[0]?.metric;
  return `${metric}{reason="rate_limited"} ${fault.discards === endpoint ? 7 : 0}`;
}
