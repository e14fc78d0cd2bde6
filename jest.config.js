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
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.build/', '<rootDir>/dist/'],
};
