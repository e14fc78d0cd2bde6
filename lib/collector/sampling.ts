import type { ConfigObject } from '../model/config-file.ts';
import { attributes } from '../telemetry/app.ts';
import { keptTraces, ownServices } from '../telemetry/probes.ts';
import { isOneOf, literal } from './ottl.ts';
import { noStage, type Stage } from './pipeline-stage.ts';
import type { Sampling } from './telemetry-settings.ts';

/**
 * Keeps some traces. What a kept span stands for is written to its trace state as OpenTelemetry's
 * sampling threshold (`ot=th:…`,
 * https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/), from which Tempo
 * makes rates of what there was, not of what was kept.
 */
export function sampling(settings: Sampling): Stage {
  switch (settings.mode) {
    case 'none':
      return noStage;
    case 'head':
      return head(settings);
    case 'tail':
      return tail(settings);
  }
}

/** Gates of the collector's program that sampling needs; both are alpha as of 0.160. */
export function samplingGates({ mode }: Sampling): string[] {
  if (mode !== 'tail') return [];
  return [
    // Writes the threshold of the decision into each span.
    'processor.tailsamplingprocessor.usetracestate',
    // Says in `tailsampling.policy` why a trace was kept.
    'processor.tailsamplingprocessor.recordpolicy',
  ];
}

/** Each span by its trace id alone: nothing waits, and nothing is known of the rest of the trace. */
function head({ keep }: Extract<Sampling, { mode: 'head' }>): Stage {
  return {
    processors: {
      'transform/keep': {
        error_mode: 'ignore',
        trace_statements: [
          `set(span.attributes["sampling.priority"], 1) where ${isOneOf(`resource.attributes[${literal(attributes.serviceName)}]`, ownServices)} or span.trace_state["${keptTraces.key}"] == "${keptTraces.value}"`,
        ],
      },
      probabilistic_sampler: { mode: 'proportional', sampling_percentage: percentage(keep) },
    },
    order: { traces: ['transform/keep', 'probabilistic_sampler'] },
  };
}

/** The policy that keeps a share of what no other keeps. */
const rest = 'rest';

/**
 * Whole traces, when they have had time to become complete. They wait in the memory of one process,
 * so all spans of a trace have to come to the same one: there is one collector.
 */
function tail(settings: Extract<Sampling, { mode: 'tail' }>): Stage {
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
      trace_state: { key: keptTraces.key, values: [keptTraces.value] },
    },
    ...(errors
      ? [{ name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } }]
      : []),
    ...(slow === undefined
      ? []
      : [{ name: 'slow', type: 'latency', latency: { threshold_ms: slow.toMilliseconds() } }]),
    ...(services.length === 0 ? [] : [{ name: 'services', ...ofServices(services) }]),
    // Last: the first policy that keeps a trace is the one that is recorded.
    {
      name: rest,
      type: 'probabilistic',
      probabilistic: { sampling_percentage: percentage(keep) },
    },
  ];
  return {
    processors: {
      tail_sampling: {
        decision_wait: `${decisionWait.toSeconds()}s`,
        num_traces: maxTraces,
        // Senders wait where there is no more room; by default the oldest traces are lost.
        block_on_overflow: true,
        // What was decided is remembered for spans that come late, much longer than spans are.
        decision_cache: {
          sampled_cache_size: maxTraces * 10,
          non_sampled_cache_size: maxTraces * 10,
        },
        policies,
      },
      'transform/late': {
        error_mode: 'ignore',
        trace_statements: [
          `set(span.trace_state["ot"], "th:${threshold(keep)}") where scope.attributes["tailsampling.cached_decision"] == true and scope.attributes["tailsampling.policy"] == "${rest}" and not IsMatch(span.trace_state, "\\\\bot=")`,
        ],
      },
    },
    order: { traces: ['tail_sampling', 'transform/late'] },
  };
}

/** A share as the number that processors take, without the noise of binary fractions. */
function percentage(share: number): number {
  return Number((share * 100).toFixed(3));
}

/** A share as a sampling threshold: what is below it is dropped, of 56 bits, in hexadecimal. */
export function threshold(share: number): string {
  const digits = Math.round((1 - share) * 2 ** 24)
    .toString(16)
    .padStart(6, '0');
  return digits.replace(/0+$/, '') || '0';
}
