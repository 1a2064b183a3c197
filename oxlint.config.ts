/**
 * Lint rules, and who may know whom (design §3). Rooms are imported as `#room/file.ts`; within a room by relative path. Each boundary
 * carries its reason; test/contracts/boundaries.test.ts breaks each once to see it caught.
 */
import { defineConfig } from 'oxlint';
import { boundaries } from './scripts/boundaries.ts';

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'node', 'jest'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true },
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-explicit-any': 'error',
    'max-lines': ['error', { max: 300 }],
    'max-lines-per-function': ['error', { max: 70 }],
    'import/no-default-export': 'error',
    'import/no-cycle': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/prefer-node-protocol': 'error',
    'unicorn/consistent-function-scoping': 'off',
    'node/no-process-env': 'error',
    'id-denylist': ['error', 'foo', 'tmp', 'obj'],
    eqeqeq: 'error',
    'no-console': 'error',
    'no-await-in-loop': 'off',
    'no-underscore-dangle': 'off',
    // The compiler checks both, exhaustive switches included.
    'typescript/consistent-return': 'off',
    'typescript/require-array-sort-compare': 'off',
    // Slack's postMessage is not the window's.
    'unicorn/require-post-message-target-origin': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
  },
  overrides: [
    { files: ['src/config.ts', 'playground/environment.ts'], rules: { 'node/no-process-env': 'off' } },
    { files: ['*.config.ts', '*.config.mjs'], rules: { 'import/no-default-export': 'off' } },
    {
      files: ['test/**'],
      rules: {
        'max-lines-per-function': 'off',
        'typescript/no-explicit-any': 'off',
        'node/no-process-env': 'off',
        // A journey asserts by waiting in vain: `until` and `post` fail with what there is to see.
        'jest/expect-expect': [
          'error',
          { assertFunctionNames: ['expect', '*.until', '*.soon', '*.post', 'soonPosted', 'until', 'expect*'] },
        ],
        'jest/no-standalone-expect': 'off',
      },
    },
    {
      files: ['scripts/**'],
      rules: { 'no-console': 'off', 'node/no-process-env': 'off', 'import/no-default-export': 'off' },
    },
    ...boundaries,
  ],
});
