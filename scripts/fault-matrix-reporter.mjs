/**
 * A jest reporter that prints the fault matrix of test/fault-matrix/ after a whole suite, and fails the run when a test named there did not
 * run. With FAULT_MATRIX_RUNS, a file, it only adds what ran: several runs make one table, which scripts/cluster.ts prints.
 */
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rows } from '../test/fault-matrix/rows.ts';
import { tableOf } from '../test/fault-matrix/table.ts';

const root = fileURLToPath(new URL('../test/', import.meta.url));

export default class FaultMatrixReporter {
  #error;

  onRunComplete(_contexts, { testResults }) {
    const ran = testResults.flatMap(({ testFilePath, testResults: tests }) => {
      const file = relative(root, testFilePath)
        .replaceAll('\\', '/')
        .replace(/\.test\.ts$/, '');
      return tests.map(({ title, status }) => ({ file, title, status }));
    });
    const together = process.env.FAULT_MATRIX_RUNS;
    if (together) {
      appendFileSync(together, ran.map((test) => `${JSON.stringify(test)}\n`).join(''));
      return;
    }
    const { lines, missing } = tableOf(rows, 'emulators', ran);
    process.stdout.write(`\n${lines.join('\n')}\n`);
    if (missing.length > 0)
      this.#error = new Error(`The fault matrix names tests that did not run:\n${missing.join('\n')}`);
  }

  getLastError() {
    return this.#error;
  }
}
