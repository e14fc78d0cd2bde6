import { attributes } from '../../lib/telemetry/app.ts';
import { findReason } from '../../lib/telemetry/discards/sources.ts';
import { logFields } from '../../lib/telemetry/logs.ts';
import { label } from '../../lib/telemetry/metric.ts';
import {
  exemplarTraceLabel,
  seriesPerSpanMetric,
  spanMetrics,
  targetInfo,
} from '../../lib/telemetry/span-metrics.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import type { Session } from '../cluster/session.ts';
import { withStores } from '../connections/stores.ts';
import { UserError } from '../process/errors.ts';
import { formatTable, print } from '../process/output.ts';
import type { HttpApiOrUrl } from '../stores/http.ts';
import { queryLoki } from '../stores/loki.ts';
import { queryExemplars, queryPrometheus, type Sample } from '../stores/prometheus.ts';
import { searchTraces, traceById } from '../stores/tempo.ts';

type Stores = Readonly<Record<'prometheus' | 'loki' | 'tempo', HttpApiOrUrl>>;

const rangeSeconds = 15 * 60;

/** Checks that recent telemetry of all three signals of an app is stored, and correlated. */
export async function checkTelemetry(service: string, stores: Stores) {
  const now = Date.now() / 1000;
  const range = { start: now - rangeSeconds, end: now };
  const [traces, lines, info, calls, uncounted] = await Promise.all([
    searchTraces(stores.tempo, `{ resource.${attributes.serviceName} = "${service}" }`, range),
    queryLoki(stores.loki, `{${label(attributes.serviceName)}="${service}"}`, range.start),
    queryPrometheus(
      stores.prometheus,
      `${targetInfo}{${label(attributes.serviceName)}="${service}"}`,
    ),
    queryPrometheus(
      stores.prometheus,
      `sum(increase(${spanMetrics.calls}{${spanMetrics.service}="${service}"}[${rangeSeconds}s]))`,
    ),
    queryPrometheus(
      stores.prometheus,
      [
        `sum by (reason) (increase(${stackMetrics.tempoGeneratorDiscarded}[${rangeSeconds}s])) > 0`,
        `label_replace(sum(increase(${stackMetrics.tempoGeneratorLimited}[${rangeSeconds}s])) / ${seriesPerSpanMetric} > 0, "reason", "max_active_series", "", "")`,
      ].join(' or '),
    ),
  ]);
  const [latency] = await queryExemplars(
    stores.prometheus,
    `${spanMetrics.latencyBucket}{${spanMetrics.service}="${service}"}`,
    range,
  );
  const isStored = async (traceId: string | undefined) =>
    traceId !== undefined &&
    (await traceById(stores.tempo, traceId)).some((span) => span.service === service);
  const linked = lines.find(({ fields }) => fields[logFields.traceId]);
  const pods = new Set(info.map(({ labels }) => labels[label(attributes.k8sPodName)] ?? ''));
  return [
    counted(
      'traces',
      traces.length,
      ['trace', 'traces'],
      'OTEL_TRACES_EXPORTER=otlp, and requests to trace',
    ),
    counted('logs', lines.length, ['line', 'lines'], 'OTEL_LOGS_EXPORTER=otlp, and a log bridge'),
    counted('metrics', info.length, ['process', 'processes'], 'OTEL_METRICS_EXPORTER=otlp'),
    {
      what: 'request rate and latency, from spans',
      ok: (calls[0]?.value ?? 0) > 0,
      note: uncountedNote(uncounted) ?? 'generated from spans within a minute',
    },
    {
      what: 'logs link to traces',
      ok: await isStored(linked?.fields[logFields.traceId]),
      note: 'a line that is logged while a span is active has its trace_id',
    },
    {
      what: 'exemplars link to traces',
      ok: await isStored(latency?.[exemplarTraceLabel]),
      note: 'an exemplar of a span metric; needs traces',
    },
    {
      what: 'telemetry names its pod',
      ok: info.length > 0 && !pods.has(''),
      note: `${attributes.k8sPodName} among the resource attributes (./mantis onboard)`,
    },
  ];
}

/** Why spans are stored, but missing in span metrics; Tempo does not count this by service. */
function uncountedNote(samples: readonly Sample[]): string | undefined {
  const notes = samples.flatMap(({ labels: { reason = '' }, value }) => {
    const known = findReason('tempo', reason);
    return known === undefined
      ? []
      : [
          `${Math.ceil(value)} spans (of all services) were stored but not counted: ${reason}: ${known.cause}: ${known.action}`,
        ];
  });
  return notes.length === 0 ? undefined : notes.join('; ');
}

function counted(
  what: string,
  count: number,
  [one, many]: readonly [string, string],
  wanted: string,
) {
  const found = `at least ${count} ${count === 1 ? one : many}`;
  return { what, ok: count > 0, note: count > 0 ? found : wanted };
}

/** `./mantis check-app`: prints a table of the checks. @throws UserError if one fails */
export async function checkApp(session: Session, service: string): Promise<void> {
  const checks = await withStores(session, ['prometheus', 'loki', 'tempo'], (stores) =>
    checkTelemetry(service, stores),
  );
  print(`${service}, in the last ${rangeSeconds / 60} minutes:`);
  print(formatTable(checks.map(({ what, ok, note }) => [ok ? 'yes' : 'NO', what, note])));
  const missing = checks.filter(({ ok }) => !ok);
  if (missing.length > 0) {
    throw new UserError(`${service} lacks: ${missing.map(({ what }) => what).join('; ')}`);
  }
}
