import { EventEmitter } from 'node:events';
import type { Context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';

/**
 * A context manager that does not wrap event listeners. The HTTP instrumentation binds requests and
 * responses so that listeners of `data` or `end` have the active span; this app awaits bodies instead,
 * and wrapping costs CPU for every event (npm run bench).
 */
export class PromiseContextManager extends AsyncLocalStorageContextManager {
  override bind<T>(context: Context, target: T): T {
    return target instanceof EventEmitter ? target : super.bind(context, target);
  }
}
