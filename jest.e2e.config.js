import unit from './jest.config.js';

/** Runs against the cluster of KUBE_CONTEXT, by default the local kind cluster; see `make e2e`. */
export default {
  ...unit,
  testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
  testTimeout: 600_000,
  maxWorkers: 1,
};
