import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Next } from 'koa';
import { attributes } from '../lib/telemetry/app.ts';
import { isRecord } from './record.ts';
import { type Context, traceId } from './request.ts';

/** An answer that is not a success. The caller reads the message; the cause goes to the log only. */
export abstract class Problem extends Error {
  abstract readonly status: number;
  /** What exactly is wrong, one line each. */
  readonly details: readonly string[];

  constructor(message: string, options: { cause?: unknown; details?: readonly string[] } = {}) {
    super(message, { cause: options.cause });
    this.details = options.details ?? [];
  }
}

/** The caller sent something that cannot be served. */
export class InvalidRequest extends Problem {
  override readonly name = 'InvalidRequest';
  readonly status = 400;
}

/** The customer's bank says no. */
export class PaymentDeclined extends Problem {
  override readonly name = 'PaymentDeclined';
  readonly status = 402;
}

/** The path is right, the thing it names is not there. */
export class NotFound extends Problem {
  override readonly name = 'NotFound';
  readonly status = 404;
}

/** There is less of it than was asked for. */
export class OutOfStock extends Problem {
  override readonly name = 'OutOfStock';
  readonly status = 409;
}

/** The caller sent more than the app will read. */
export class RequestTooLarge extends Problem {
  override readonly name = 'RequestTooLarge';
  readonly status = 413;
}

/** The database did not do what it was told. */
export class DatabaseError extends Problem {
  override readonly name = 'DatabaseError';
  readonly status = 500;
}

/** Another service is needed for the answer, and it gave none. */
export class UpstreamUnavailable extends Problem {
  override readonly name = 'UpstreamUnavailable';
  readonly status = 502;
}

/** The payment provider fails, or is left alone because it has been failing. */
export class ProviderUnavailable extends Problem {
  override readonly name = 'ProviderUnavailable';
  readonly status = 503;
}

/** Another service is needed for the answer, and it took too long. */
export class UpstreamTimeout extends Problem {
  override readonly name = 'UpstreamTimeout';
  readonly status = 504;
}

/** What another role answered to a request of this caller's: it is for the caller to know. */
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
 * Answers every failure as JSON with the trace id, and hands the error to the access log. What is
 * not a Problem is a bug: the caller learns no more than that.
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
  // The router leaves an unknown path or method without a body.
  if (ctx.status === 404 && ctx.body == null) answer(ctx, 404, `nothing is at ${ctx.path}`);
  if (ctx.status === 405) answer(ctx, 405, `${ctx.path} does not take ${ctx.method}`);
  if (ctx.status === 501) answer(ctx, 501, `${ctx.method} is not known here`);
}

/** On the span of the request: what failed, for everyone who looks at the trace. */
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
