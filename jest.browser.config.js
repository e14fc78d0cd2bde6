import e2e from './jest.e2e.config.js';

/** Runs in a browser, against the cluster of KUBE_CONTEXT; see `npm run e2e:browser`. */
export default {
  ...e2e,
  testMatch: ['<rootDir>/test/browser/**/*.browser.ts'],
};
