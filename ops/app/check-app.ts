import { attributes } from '../../lib/telemetry/app.ts';
import { logFields } from '../../lib/telemetry/logs.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { exemplarTraceLabel, spanMetrics, targetInfo } from '../../lib/telemetry/span-metrics.ts';
import type { Session } from '../cluster/session.ts';
import { withForwards } from '../connections/connections.ts';
import { UserError } from '../process/errors.ts';
import { say, table } from '../process/output.ts';
import { queryLoki } from '../stores/loki.ts';
import { queryExemplars, queryPrometheus } from '../stores/prometheus.ts';
import { searchTraces, traceById } from '../stores/tempo.ts';

/** One question about an app's telemetry. */
export interface Check {
  readonly what: string;
  readonly ok: boolean;
  /** What was found, or what to do. */
  readonly note: string;
}

export interface Stores {
  readonly prometheus: string;
  readonly loki: string;
  readonly tempo: string;
}

/** How far back it looks, in seconds. */
const recent = 15 * 60;

/** Whether the three signals of an app have arrived lately, and lead to each other. */
export async function checksOf(service: string, stores: Stores): Promise<Check[]> {
  const now = Date.now() / 1000;
  const range = { start: now - recent, end: now };
  const [traces, lines, info, calls] = await Promise.all([
    searchTraces(stores.tempo, `{ resource.${attributes.serviceName} = "${service}" }`, range),
    queryLoki(stores.loki, `{${label(attributes.serviceName)}="${service}"}`, range.start),
    queryPrometheus(
      stores.prometheus,
      `${targetInfo}{${label(attributes.serviceName)}="${service}"}`,
    ),
    queryPrometheus(
      stores.prometheus,
      `sum(increase(${spanMetrics.calls}{${spanMetrics.service}="${service}"}[${recent}s]))`,
    ),
  ]);
  const [latency] = await queryExemplars(
    stores.prometheus,
    `${spanMetrics.latencyBucket}{${spanMetrics.service}="${service}"}`,
    range,
  );
  const leads = async (traceId: string | undefined) =>
    traceId !== undefined &&
    (await traceById(stores.tempo, traceId)).some((span) => span.service === service);
  const linked = lines.find(({ fields }) => fields[logFields.traceId]);
  const pods = new Set(info.map(({ labels }) => labels[label(attributes.k8sPodName)] ?? ''));
  return [
    found('traces', traces.length, 'traces', 'OTEL_TRACES_EXPORTER=otlp, and requests to trace'),
    found('logs', lines.length, 'lines', 'OTEL_LOGS_EXPORTER=otlp, and a bridge from its logger'),
    found('metrics', info.length, 'processes', 'OTEL_METRICS_EXPORTER=otlp'),
    {
      what: 'request rate and latency, from spans',
      ok: (calls[0]?.value ?? 0) > 0,
      note: 'made from spans within a minute',
    },
    {
      what: 'a log line leads to its trace',
      ok: await leads(linked?.fields[logFields.traceId]),
      note: 'lines written while a span is active get its trace_id',
    },
    {
      what: 'a latency leads to a trace',
      ok: await leads(latency?.[exemplarTraceLabel]),
      note: 'an exemplar of a span metric; needs traces first',
    },
    {
      what: 'pods can be told apart',
      ok: info.length > 0 && !pods.has(''),
      note: `${attributes.k8sPodName} among the resource attributes (./mantis onboard)`,
    },
  ];
}

function found(what: string, count: number, unit: string, wanted: string): Check {
  return { what, ok: count > 0, note: count > 0 ? `${count} ${unit} or more` : wanted };
}

/** `./mantis check-app`: a table, and an error when something is missing. */
export async function checkApp(session: Session, service: string): Promise<void> {
  const checks = await withForwards(session, ['prometheus', 'loki', 'tempo'], (stores) =>
    checksOf(service, stores),
  );
  say(`${service}, in the last ${recent / 60} minutes:`);
  say(table(checks.map(({ what, ok, note }) => [ok ? 'yes' : 'NO', what, note])));
  const missing = checks.filter(({ ok }) => !ok);
  if (missing.length > 0) {
    throw new UserError(`${service} lacks: ${missing.map(({ what }) => what).join('; ')}`);
  }
}
