import { logAlerts, metricAlerts } from '../../../alerts/index.ts';
import { readyPaths } from '../../../lib/model/topology.ts';
import { stackMetrics } from '../../../lib/telemetry/stack.ts';
import { defaultSettings } from '../../../settings/load.ts';
import type { Protocol } from '../probe/mark.ts';
import type { FakeStack } from './fake-stack.ts';

export interface Item {
  readonly protocol: Protocol;
  readonly request: object;
}

interface Answer {
  readonly code: number;
  readonly text: string;
}

const json = (value: unknown): Answer => ({ code: 200, text: JSON.stringify(value) });

/** What a component answers on its API. */
export function answerOf(
  stack: FakeStack,
  place: string,
  path: string,
  query: URLSearchParams,
): Answer {
  if (place === 'grafana') return grafana(stack, path, query);
  if (path === readyPaths[place as keyof typeof readyPaths]) return { code: 200, text: 'ready' };
  if (path.endsWith('/api/v1/rules')) return rules(stack, place);
  const answer = stores[place]?.(stack, path, query);
  if (answer !== undefined) return answer;
  return path === '/api/v2/status' && place === 'alertmanager'
    ? json({ uptime: 'long' })
    : { code: 404, text: 'no such page' };
}

type Store = (stack: FakeStack, path: string, query: URLSearchParams) => Answer | undefined;

const stores: Readonly<Record<string, Store>> = { prometheus, loki, tempo };

function prometheus(stack: FakeStack, path: string, query: URLSearchParams): Answer | undefined {
  if (path === '/api/v1/targets') return targets(stack);
  if (path !== '/api/v1/query') return undefined;
  const expression = query.get('query') ?? '';
  if (expression.includes(stackMetrics.volumeUsed)) {
    const { volume } = stack.illness;
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

function loki(stack: FakeStack, path: string, query: URLSearchParams): Answer | undefined {
  if (path !== '/loki/api/v1/query_range') return undefined;
  const lines = stack.stored.logs
    .flatMap(({ request }) => strings(request, 'stringValue'))
    .filter((line) => query.get('query')?.includes(`"${line}"`));
  const result = [{ stream: {}, values: lines.map((line) => ['0', line]) }];
  return json({ data: { resultType: 'streams', result } });
}

function tempo(stack: FakeStack, path: string, query: URLSearchParams): Answer | undefined {
  const ids = stack.stored.traces.flatMap(({ request }) => strings(request, 'traceId'));
  if (path === '/api/search') {
    const wanted = ids.filter((id) => query.get('q')?.includes(id));
    const traces = stack.illness.hidesFromSearch ? [] : wanted.map((traceID) => ({ traceID }));
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

function targets({ illness }: FakeStack): Answer {
  const stack = ['otel-collector', 'prometheus', 'loki', 'tempo', 'grafana', 'alertmanager'];
  const target = (scrapePool: string, down: boolean) => ({
    scrapePool,
    scrapeUrl: `http://${scrapePool}/metrics`,
    health: down ? 'down' : 'up',
    lastError: down ? 'connection refused' : '',
  });
  const activeTargets = [
    ...stack
      .filter((job) => job !== illness.notScraped)
      .map((job) => target(job, job === illness.targetDown)),
    target('annotated-pods', illness.annotatedPodDown === true),
  ];
  return json({ data: { activeTargets } });
}

function rules({ illness }: FakeStack, place: string): Answer {
  const alerts = (place === 'loki' ? logAlerts : metricAlerts)(defaultSettings());
  const loaded = alerts.slice(illness.ruleMissing ? 1 : 0).map(({ alert }) => ({
    name: alert,
    health: illness.ruleError ? 'err' : 'ok',
    lastError: illness.ruleError ? 'many-to-many matching' : undefined,
  }));
  return json({ data: { groups: [{ name: 'all', rules: loaded }] } });
}

function grafana(stack: FakeStack, path: string, query: URLSearchParams): Answer {
  const { refusesLogin, lacks, misled, elsewhere } = stack.illness.grafana ?? {};
  if (path === readyPaths.grafana) return json({ database: 'ok' });
  if (refusesLogin) return { code: 401, text: 'Invalid username or password' };
  const [, uid = '', below = ''] =
    /^\/api\/datasources\/(?:proxy\/)?uid\/(\w+)(\/.*)$/.exec(path) ?? [];
  if (uid === lacks) return { code: 404, text: 'Data source not found' };
  if (uid === misled) return { code: 502, text: 'Bad Gateway' };
  if (below === '/health') return json({ status: 'OK', message: 'the datasource is well' });
  if (uid === elsewhere) {
    return answerOf(emptied(stack), uid, below, query);
  }
  return answerOf(stack, uid, below, query);
}

/** Another stack, which is well and has seen none of this. */
function emptied(stack: FakeStack): FakeStack {
  return Object.assign(Object.create(stack), { stored: { metrics: [], logs: [], traces: [] } });
}
