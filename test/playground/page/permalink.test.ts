import { expect, it } from '@jest/globals';
import { pageModule } from './page-module.ts';

const { permalinkOf } = await pageModule('text/permalink.js');
const here = 'http://127.0.0.1:4600';

it('leads to the thread of a message of this workspace, and nowhere else', () => {
  const root = { channel: 'C0INCIDENT', ts: '1700000000.123456' };
  expect(permalinkOf(`${here}/archives/C0INCIDENT/p1700000000123456`, here)).toEqual(root);
  expect(
    permalinkOf(`${here}/archives/C0INCIDENT/p1700000009000000?thread_ts=${root.ts}&cid=C0INCIDENT`, here),
  ).toEqual(root);
  expect(permalinkOf('https://grafana.lomashwood.com/d/auth-service', here)).toBeUndefined();
  expect(permalinkOf('https://other.slack.com/archives/C0INCIDENT/p1700000000123456', here)).toBeUndefined();
});
