/** One project per kind of test, so that `npm test` and `.ci/run` choose among them. */
const project = (displayName, more = {}) => ({
  displayName,
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/playground', '<rootDir>/test', '<rootDir>/scripts'],
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/jest-strip-types.mjs' },
  transformIgnorePatterns: ['/node_modules/'],
  // The test plane keeps its state there; etcd's *.snap are no snapshots of tests.
  modulePathIgnorePatterns: ['<rootDir>/\\.cache/'],
  ...more,
});

export default {
  projects: [
    project('unit'),
    project('contracts'),
    project('playground'),
    project('journeys'),
    project('seeds'),
    project('conformance'),
    project('cluster', { testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/cluster/processes/'] }),
    project('processes', { testMatch: ['<rootDir>/test/cluster/processes/**/*.test.ts'] }),
    project('differential'),
    project('browser'),
  ],
  testTimeout: 240_000,
  workerIdleMemoryLimit: '1500MB',
};
