import type { ConfigObject } from '../model/config-file.ts';
import { sourceFile } from '../model/source.ts';
import { attributes } from '../telemetry/app.ts';
import { keepTraceState, ownServices } from '../telemetry/probes.ts';
import { isOneOf, literal } from './ottl/ottl.ts';
import { emptyStage, type PipelineStage } from './pipeline-stage.ts';
import type { Sampling } from './telemetry-settings.ts';

const ownSource = sourceFile(import.meta.filename);

/**
 * Sampling of traces. The sampling probability of each kept span is written to its trace state as
 * OpenTelemetry's sampling threshold (`ot=th:…`,
 * https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/), from which
 * Tempo extrapolates the metrics of all spans.
 */
export function samplingStage(settings: Sampling): PipelineStage {
  switch (settings.mode) {
    case 'none':
      return emptyStage;
    case 'head':
      return headSampling(settings);
    case 'tail':
      return tailSampling(settings);
  }
}

/** Feature gates of the collector that sampling needs; both are alpha as of 0.165. */
export function samplingGates({ mode }: Sampling): string[] {
  if (mode !== 'tail') return [];
  return [
    // Writes the sampling threshold into the trace state of each span.
    'processor.tailsamplingprocessor.usetracestate',
    // Records in `tailsampling.policy` which policy kept a trace.
    'processor.tailsamplingprocessor.recordpolicy',
  ];
}

/** Head sampling: decides each span by its trace id, without waiting for the rest of the trace. */
function headSampling({ keep }: Extract<Sampling, { mode: 'head' }>): PipelineStage {
  return {
    source: ownSource,
    processors: {
      'transform/keep': {
        error_mode: 'ignore',
        trace_statements: [
          `set(span.attributes["sampling.priority"], 1) where ${isOneOf(`resource.attributes[${literal(attributes.serviceName)}]`, ownServices)} or span.trace_state["${keepTraceState.key}"] == "${keepTraceState.value}"`,
        ],
      },
      probabilistic_sampler: { mode: 'proportional', sampling_percentage: percentage(keep) },
    },
    pipelines: { traces: ['transform/keep', 'probabilistic_sampler'] },
  };
}

/** The policy that keeps a share of the traces that no other policy keeps. */
const restPolicy = 'rest';

/**
 * Tail sampling: decides a trace after decisionWait. Traces wait in memory, so all spans of a trace
 * have to reach the same process: there is one collector.
 */
function tailSampling(settings: Extract<Sampling, { mode: 'tail' }>): PipelineStage {
  const { keep, errors, slow, services, decisionWait, maxTraces } = settings;
  const ofServices = (values: readonly string[]) => ({
    type: 'string_attribute',
    string_attribute: { key: attributes.serviceName, values },
  });
  const policies: ConfigObject[] = [
    { name: 'mantis', ...ofServices(ownServices) },
    {
      name: 'marked',
      type: 'trace_state',
      trace_state: { key: keepTraceState.key, values: [keepTraceState.value] },
    },
    ...(errors
      ? [{ name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } }]
      : []),
    ...(slow === undefined
      ? []
      : [{ name: 'slow', type: 'latency', latency: { threshold_ms: slow.toMilliseconds() } }]),
    ...(services.length === 0 ? [] : [{ name: 'services', ...ofServices(services) }]),
    // Last, because the first policy that keeps a trace is recorded.
    {
      name: restPolicy,
      type: 'probabilistic',
      probabilistic: { sampling_percentage: percentage(keep) },
    },
  ];
  return {
    source: ownSource,
    processors: {
      tail_sampling: {
        decision_wait: `${decisionWait.toSeconds()}s`,
        num_traces: maxTraces,
        // Blocks senders at num_traces; by default the oldest traces would be dropped.
        block_on_overflow: true,
        // Decisions are cached for late spans, much longer than the spans themselves.
        decision_cache: {
          sampled_cache_size: maxTraces * 10,
          non_sampled_cache_size: maxTraces * 10,
        },
        policies,
      },
      'transform/late': {
        error_mode: 'ignore',
        trace_statements: [
          `set(span.trace_state["ot"], "th:${threshold(keep)}") where scope.attributes["tailsampling.cached_decision"] == true and scope.attributes["tailsampling.policy"] == "${restPolicy}" and not IsMatch(span.trace_state, "\\\\bot=")`,
        ],
      },
    },
    pipelines: { traces: ['tail_sampling', 'transform/late'] },
  };
}

/** A ratio as a percentage, rounded to three decimals. */
function percentage(share: number): number {
  return Number((share * 100).toFixed(3));
}

/**
 * The sampling threshold of a ratio in hexadecimal, without trailing zeros: of 56 random bits,
 * values below it are dropped.
 */
export function threshold(share: number): string {
  const digits = Math.round((1 - share) * 2 ** 24)
    .toString(16)
    .padStart(6, '0');
  return digits.replace(/0+$/, '') || '0';
}
