import { trace } from '@opentelemetry/api';
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  handleWhen,
  noJitterGenerator,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import type { Logger } from 'winston';
import { shopAttributes } from '../../lib/telemetry/app.ts';
import { providerPrefix } from '../../lib/telemetry/app-paths.ts';
import { ProviderUnavailable, UpstreamTimeout } from '../http/problems.ts';
import { isRecord } from '../http/record.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export interface Charge {
  readonly id: string;
  readonly cents: number;
  readonly currency: string;
  readonly card?: string;
}

export interface ProviderClientProps {
  readonly url: string;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** For one attempt. @default 1000 */
  readonly timeoutMs?: number;
  /** How long the breaker stays open before it lets one call through. @default 10 000 */
  readonly openMs?: number;
}

const tracer = trace.getTracer('mantis.test-app');

/**
 * Charges a card at the payment provider, with a timeout for each attempt, two retries with exponential
 * backoff, and a circuit breaker that opens after five consecutive failures. Retries are safe, because
 * each attempt has the id of the payment as its idempotency key.
 */
export class ProviderClient {
  private readonly props: ProviderClientProps;
  private readonly policy;

  constructor(props: ProviderClientProps) {
    this.props = props;
    const { metrics, logger, timeoutMs = 1000, openMs = 10_000 } = props;
    const retries = retry(
      handleWhen((error) => !(error instanceof BrokenCircuitError)),
      {
        maxAttempts: 2,
        // Without jitter, so that a seeded run is reproducible.
        backoff: new ExponentialBackoff({ initialDelay: 100, generator: noJitterGenerator }),
      },
    );
    retries.onRetry(({ attempt, delay }) => {
      metrics.paymentRetries.add(1);
      trace.getActiveSpan()?.addEvent('retry', { attempt, delay_ms: delay });
    });
    const breaker = circuitBreaker(handleAll, {
      halfOpenAfter: openMs,
      breaker: new ConsecutiveBreaker(5),
    });
    breaker.onStateChange((state) => {
      logger.warn(`circuit breaker of the payment provider: ${CircuitState[state]}`);
      trace.getActiveSpan()?.addEvent('circuit breaker', { state: CircuitState[state] });
    });
    metrics.gauge('breakerOpen', (gauge) =>
      gauge.observe(breaker.state === CircuitState.Open ? 1 : 0),
    );
    metrics.paymentRetries.add(0);
    this.policy = wrap(retries, breaker, timeout(timeoutMs, TimeoutStrategy.Aggressive));
  }

  /** @returns whether the card was charged @throws ProviderUnavailable, UpstreamTimeout */
  charge(charge: Charge): Promise<boolean> {
    const attributes = { [shopAttributes.paymentId]: charge.id };
    return tracer.startActiveSpan('charge', { attributes }, async (span) => {
      try {
        return await this.policy.execute(({ signal }) => this.attempt(charge, signal));
      } catch (cause) {
        span.recordException(cause as Error);
        throw problemOf(cause);
      } finally {
        span.end();
      }
    });
  }

  private async attempt(charge: Charge, signal: AbortSignal): Promise<boolean> {
    const { id, ...body } = charge;
    const response = await fetch(`${this.props.url}${providerPrefix}/charges`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': id },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw new Error(`the payment provider answered ${response.status}`);
    const answer: unknown = await response.json();
    return isRecord(answer) && answer.approved === true;
  }
}

function problemOf(cause: unknown) {
  if (cause instanceof BrokenCircuitError) {
    const message = 'the payment provider keeps failing and is left alone for a while';
    return new ProviderUnavailable(message, { cause });
  }
  if (cause instanceof TaskCancelledError) {
    return new UpstreamTimeout('the payment provider did not answer in time', { cause });
  }
  return new ProviderUnavailable('the payment provider is unavailable', { cause });
}
