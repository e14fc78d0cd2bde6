import type { Next } from 'koa';
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

/** The caller sent more than the app will read. */
export class RequestTooLarge extends Problem {
  override readonly name = 'RequestTooLarge';
  readonly status = 413;
}

/** The path is right, the thing it names is not there. */
export class NotFound extends Problem {
  override readonly name = 'NotFound';
  readonly status = 404;
}

/** Another service is needed for the answer, and it gave none. */
export class UpstreamUnavailable extends Problem {
  override readonly name = 'UpstreamUnavailable';
  readonly status = 502;
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
    answer(ctx, problem?.status ?? 500, problem?.message ?? 'internal error', problem?.details);
    return;
  }
  // The router leaves an unknown path or method without a body.
  if (ctx.status === 404 && ctx.body == null) answer(ctx, 404, `nothing is at ${ctx.path}`);
  if (ctx.status === 405) answer(ctx, 405, `${ctx.path} does not take ${ctx.method}`);
  if (ctx.status === 501) answer(ctx, 501, `${ctx.method} is not known here`);
}

function answer(ctx: Context, status: number, error: string, details: readonly string[] = []) {
  ctx.status = status;
  ctx.body = { error, ...(details.length > 0 && { details }), traceId: traceId() };
}
