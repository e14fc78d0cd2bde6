const swc = [
  '@swc/jest',
  {
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  },
];

/** Packages that have ES modules only, which jest cannot load as they are. */
const esModules = 'node_modules/(age-encryption|@noble|@scure)/';

/** The tests that need no cluster; those that need one are in jest.e2e.config.js. */
export default {
  testEnvironment: 'node',
  transform: { '\\.ts$': swc, [`${esModules}.*\\.js$`]: swc },
  transformIgnorePatterns: [`/(?!${esModules})node_modules/`],
  // Some derive keys with scrypt, which a busy machine takes seconds for.
  testTimeout: 30_000,
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.build/', '<rootDir>/dist/'],
};
