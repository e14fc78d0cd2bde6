import { errorTypes } from '../faults/catalogue.ts';
import { throwError } from '../faults/errors.ts';
import { InvalidRequest } from '../problems.ts';
import type { Routes } from '../request.ts';

/** A request that fails: as a bug does, or in the way that `?type=` says. */
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
