const transform = {
  '\\.ts$': [
    '@swc/jest',
    {
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    },
  ],
};

/** The tests that need no cluster; those that need one are in jest.e2e.config.js. */
export default {
  testEnvironment: 'node',
  transform,
  // Some derive keys with scrypt, which a busy machine takes seconds for.
  testTimeout: 30_000,
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.build/', '<rootDir>/dist/'],
};
