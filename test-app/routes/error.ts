import { errorTypes } from '../faults/catalogue.ts';
import { throwError } from '../faults/errors.ts';
import { InvalidRequest } from '../http/problems.ts';
import type { Routes } from '../http/request.ts';

/** A request that fails with the error type of `?type=`, by default an unhandled error. */
export const error: Routes = (router) => {
  router.get('/api/error', (ctx) => {
    const { type = 'unhandled' } = ctx.query;
    const known = errorTypes.find((each) => each === type);
    if (known === undefined) {
      throw new InvalidRequest(`type must be one of ${errorTypes.join(', ')}, got ${type}`);
    }
    throwError(known);
  });
};
