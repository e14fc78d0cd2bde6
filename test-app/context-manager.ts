import { EventEmitter } from 'node:events';
import type { Context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';

/**
 * Node's own AsyncLocalStorage, and nothing wrapped around the listeners of requests and responses.
 * The HTTP instrumentation asks for that, so that a listener of `data` or `end` knows its span; this
 * app awaits bodies instead, where the span is known anyway, and every event costs (npm run bench).
 */
export class PromiseContextManager extends AsyncLocalStorageContextManager {
  override bind<T>(context: Context, target: T): T {
    return target instanceof EventEmitter ? target : super.bind(context, target);
  }
}
