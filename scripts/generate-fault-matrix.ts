/** docs/fault-matrix.md from test/fault-matrix/. `npm run generate` writes it; test/contracts/fault-matrix.test.ts fails while it is behind. */
import { writeFileSync } from 'node:fs';
import { pageOf } from '../test/fault-matrix/page.ts';
import { rows } from '../test/fault-matrix/rows.ts';

writeFileSync(new URL('../docs/fault-matrix.md', import.meta.url), pageOf(rows));
