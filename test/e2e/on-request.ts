/** Tests that deploy several times stand beside the run: `npm run e2e:settings`. */
export const isRequested = process.env.E2E_SETTINGS !== undefined;
export const testOnRequest = isRequested ? test : test.skip;
export const describeOnRequest = isRequested ? describe : describe.skip;
