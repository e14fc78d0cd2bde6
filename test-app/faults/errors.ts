import {
  DatabaseError,
  InvalidRequest,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '../problems.ts';
import type { ErrorType } from './catalogue.ts';

const wanted = 'on purpose, to be looked for in Grafana';

const makers: Record<ErrorType, () => Error> = {
  validation: () => new InvalidRequest(`a validation error ${wanted}`),
  database: () => {
    const cause = new Error('SQLITE_BUSY: database is locked');
    return new DatabaseError(`a database error ${wanted}`, { cause });
  },
  timeout: () => new UpstreamTimeout(`a timeout ${wanted}`),
  upstream: () => new UpstreamUnavailable(`an upstream error ${wanted}`),
  // A bug: nobody expected it, so the caller learns nothing and the log everything.
  unhandled: () => new TypeError(`an unhandled error ${wanted}`),
};

/** Fails in one of the ways that the app knows; in the unhandled one for a type it does not know. */
export function throwError(type: string): never {
  const make = Object.entries(makers).find(([known]) => known === type)?.[1] ?? makers.unhandled;
  throw make();
}
