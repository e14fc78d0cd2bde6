import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Next } from 'koa';
import { attributes } from '../../lib/telemetry/app.ts';
import { isRecord } from './record.ts';
import { type Context, traceId } from './request.ts';

/** An error response. The caller gets the message; the cause is only logged. */
export abstract class Problem extends Error {
  abstract readonly status: number;
  /** One line for each mistake. */
  readonly details: readonly string[];

  constructor(message: string, options: { cause?: unknown; details?: readonly string[] } = {}) {
    super(message, { cause: options.cause });
    this.details = options.details ?? [];
  }
}

export class InvalidRequest extends Problem {
  override readonly name = 'InvalidRequest';
  readonly status = 400;
}

export class PaymentDeclined extends Problem {
  override readonly name = 'PaymentDeclined';
  readonly status = 402;
}

/** A page of another origin sent the request. */
export class CrossOrigin extends Problem {
  override readonly name = 'CrossOrigin';
  readonly status = 403;
}

export class NotFound extends Problem {
  override readonly name = 'NotFound';
  readonly status = 404;
}

export class OutOfStock extends Problem {
  override readonly name = 'OutOfStock';
  readonly status = 409;
}

export class RequestTooLarge extends Problem {
  override readonly name = 'RequestTooLarge';
  readonly status = 413;
}

export class DatabaseError extends Problem {
  override readonly name = 'DatabaseError';
  readonly status = 500;
}

/** Another service failed or is unreachable. */
export class UpstreamUnavailable extends Problem {
  override readonly name = 'UpstreamUnavailable';
  readonly status = 502;
}

/** The payment provider fails, or its circuit breaker is open. */
export class ProviderUnavailable extends Problem {
  override readonly name = 'ProviderUnavailable';
  readonly status = 503;
}

/** Another service did not respond in time. */
export class UpstreamTimeout extends Problem {
  override readonly name = 'UpstreamTimeout';
  readonly status = 504;
}

/** An error response of another role that is passed on to the caller. */
export class Refused extends Problem {
  override readonly name: string;
  readonly status: number;

  constructor(status: number, body: unknown) {
    const { error, type, details } = isRecord(body) ? body : {};
    super(typeof error === 'string' ? error : `refused with ${status}`, {
      details: Array.isArray(details) ? details.map(String) : [],
    });
    this.name = typeof type === 'string' ? type : 'Refused';
    this.status = status;
  }
}

/**
 * Responds to every error with JSON and the trace id, and passes the error to the access log. An error
 * that is no Problem is a bug: the response then has no details.
 */
export async function answerProblems(ctx: Context, next: Next): Promise<void> {
  try {
    await next();
  } catch (thrown) {
    const err = thrown instanceof Error ? thrown : new Error(String(thrown));
    ctx.state.err = err;
    const problem = err instanceof Problem ? err : undefined;
    const { status = 500, message = 'internal error', details, name } = problem ?? {};
    answer(ctx, status, message, { type: name, details });
    if (ctx.status >= 500) markSpan(err);
    return;
  }
  // The router sets no body for an unknown path or method.
  if (ctx.status === 404 && ctx.body == null) answer(ctx, 404, `nothing is at ${ctx.path}`);
  if (ctx.status === 405) answer(ctx, 405, `${ctx.path} does not take ${ctx.method}`);
  if (ctx.status === 501) answer(ctx, 501, `${ctx.method} is not known here`);
}

/** Records the error on the span of the request. */
function markSpan(err: Error): void {
  const span = trace.getActiveSpan();
  span?.setAttribute(attributes.errorType, err.name);
  span?.recordException(err);
  span?.setStatus({ code: SpanStatusCode.ERROR, message: err.message });
}

interface More {
  readonly type?: string;
  readonly details?: readonly string[];
}

function answer(ctx: Context, status: number, error: string, { type, details = [] }: More = {}) {
  ctx.status = status;
  ctx.body = { error, type, ...(details.length > 0 && { details }), traceId: traceId() };
}
