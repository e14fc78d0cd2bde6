const transform = {
  '\\.ts$': [
    '@swc/jest',
    {
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    },
  ],
};

/** Everything that needs no cluster. `jest.e2e.config.js` holds what does. */
export default {
  testEnvironment: 'node',
  transform,
  // Some derive keys with scrypt, which a busy machine takes seconds for.
  testTimeout: 30_000,
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.build/', '<rootDir>/dist/'],
};
