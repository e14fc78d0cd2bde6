import { AsyncLocalStorage } from 'node:async_hooks';
import type { RouterContext } from '@koa/router';
import Router from '@koa/router';
import { context, isSpanContextValid, propagation, trace } from '@opentelemetry/api';
import { getRPCMetadata, RPCType } from '@opentelemetry/core';
import type { Next, ParameterizedContext } from 'koa';
import { attributes } from '../../lib/telemetry/app.ts';

/** State of a request for its log lines. */
export interface RequestState {
  userId?: string;
  /** Why the request failed. */
  err?: Error;
}

export type Context = ParameterizedContext<RequestState>;
export type RouteContext = RouterContext<RequestState>;
export type Handler = (ctx: RouteContext) => void | Promise<void>;

/** Paths are patterns: their text is used in span names and labels. */
export interface AppRouter {
  get(path: string, handler: Handler): void;
  post(path: string, handler: Handler): void;
  put(path: string, handler: Handler): void;
  delete(path: string, handler: Handler): void;
}

/** Adds routes to the router of a role. */
export type Routes = (router: AppRouter) => void;

/** @param before called at the start of every route, within its span */
export function createRouter(routes: readonly Routes[], before: Handler) {
  const router = new Router<RequestState>();
  const prepared = (handler: Handler) => async (ctx: RouteContext) => {
    nameSpan(ctx);
    await before(ctx);
    await handler(ctx);
  };
  for (const add of routes) {
    add({
      get: (path, handler) => void router.get(path, prepared(handler)),
      post: (path, handler) => void router.post(path, prepared(handler)),
      put: (path, handler) => void router.put(path, prepared(handler)),
      delete: (path, handler) => void router.delete(path, prepared(handler)),
    });
  }
  return router;
}

/**
 * Sets the route of the request's span. Koa's instrumentation would do so too, but with an additional
 * span for each request and a module loader hook.
 */
function nameSpan(ctx: RouteContext): void {
  const metadata = getRPCMetadata(context.active());
  if (metadata?.type === RPCType.HTTP) metadata.route = routeOf(ctx);
}

const current = new AsyncLocalStorage<Context>();

/** The id of the customer; a real shop would take it from the session. */
export const userHeader = 'x-user-id';
/** Response header with the id of the request's trace; absent if the request has none. */
export const traceIdHeader = 'x-trace-id';
const validUser = /^[\w-]{1,64}$/;

/**
 * Tells the client the trace of the request, adds the request to every log line while it is served, and
 * its user to every outgoing request, as baggage (https://www.w3.org/TR/baggage/).
 */
export function requestScope(ctx: Context, next: Next): Promise<void> {
  const id = traceId();
  if (id !== undefined) ctx.set(traceIdHeader, id);
  const fromHeader = ctx.get(userHeader);
  const userId = validUser.test(fromHeader) ? fromHeader : userFromBaggage();
  const serve = () => current.run(ctx, next);
  if (userId === undefined) return serve();
  ctx.state.userId = userId;
  trace.getActiveSpan()?.setAttribute(attributes.userId, userId);
  return context.with(withUser(userId), serve);
}

function userFromBaggage(): string | undefined {
  const value = propagation.getActiveBaggage()?.getEntry(attributes.userId)?.value;
  return value !== undefined && validUser.test(value) ? value : undefined;
}

function withUser(userId: string) {
  const baggage = propagation.getActiveBaggage() ?? propagation.createBaggage();
  const entry = { value: userId };
  return propagation.setBaggage(context.active(), baggage.setEntry(attributes.userId, entry));
}

/** Log attributes of the current request; none outside of a request. */
export function requestAttributes(): Record<string, string> {
  const ctx = current.getStore();
  if (ctx === undefined) return {};
  return {
    [attributes.httpRoute]: routeOf(ctx),
    [attributes.userId]: ctx.state.userId ?? 'anonymous',
  };
}

/** The matched pattern, such as `/api/users/:id`: of bounded cardinality, unlike the path. */
export function routeOf(ctx: Context): string {
  const route: unknown = ctx._matchedRoute;
  return typeof route === 'string' ? route : 'unmatched';
}

/** Sets the user of the request's span and of its later log lines. */
export function identifyUser(ctx: RouteContext, userId: string): void {
  ctx.state.userId = userId;
  trace.getActiveSpan()?.setAttribute(attributes.userId, userId);
}

/** Runs `work` with the user as baggage of outgoing requests. */
export function asUser<T>(ctx: RouteContext, userId: string, work: () => Promise<T>): Promise<T> {
  if (!validUser.test(userId)) return work();
  identifyUser(ctx, userId);
  return context.with(withUser(userId), work);
}

/** Trace context for console log lines; OTLP log records have their own fields for it. */
export function traceFields(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return {};
  const { traceId: id, spanId, traceFlags } = span;
  return { trace_id: id, span_id: spanId, trace_flags: `0${traceFlags.toString(16)}` };
}

/** The id of the current trace; undefined if tracing is disabled. */
export function traceId(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? span.traceId : undefined;
}
