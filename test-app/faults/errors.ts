import {
  DatabaseError,
  InvalidRequest,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../http/problems.ts';
import type { ErrorType } from './catalogue.ts';

const suffix = 'on purpose, to be looked for in Grafana';

const errorFactories: Record<ErrorType, () => Error> = {
  validation: () => new InvalidRequest(`a validation error ${suffix}`),
  database: () => {
    const cause = new Error('SQLITE_BUSY: database is locked');
    return new DatabaseError(`a database error ${suffix}`, { cause });
  },
  timeout: () => new UpstreamTimeout(`a timeout ${suffix}`),
  upstream: () => new UpstreamUnavailable(`an upstream error ${suffix}`),
  // Like a bug: no Problem, so the response has no details.
  unhandled: () => new TypeError(`an unhandled error ${suffix}`),
};

/** Throws an error of this type; of type unhandled for an unknown type. */
export function throwError(type: string): never {
  const make =
    Object.entries(errorFactories).find(([known]) => known === type)?.[1] ??
    errorFactories.unhandled;
  throw make();
}
