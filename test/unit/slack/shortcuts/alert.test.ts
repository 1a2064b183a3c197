import { describe, expect, it } from '@jest/globals';
import { mentioned, plainText, reasonOf, textsOf } from '#slack/shortcuts/alert.ts';
import { catalogue } from '../catalogue.ts';

describe('what an alert mentions', () => {
  it.each([
    ['[FIRING:1] HighErrorRate auth-service production', { environment: 'production', services: ['auth-service'] }],
    ['service="auth-service", env=prod', { environment: 'production', services: ['auth-service'] }],
    [
      'auth-service and product-service in staging.',
      { environment: 'staging', services: ['auth-service', 'product-service'] },
    ],
    ['promoted from staging to production: auth-service', { services: ['auth-service'] }],
    ['authentication is slow', { services: [] }],
    ['the content is missing', { services: [] }],
  ])('“%s”', (text, wanted) => {
    expect(mentioned(text, catalogue)).toEqual(wanted);
  });
});

describe('the reason that a message gives', () => {
  it.each([
    ['[P1] auth-service in production: error rate 3.1 %', true, 'alert'],
    ['[FIRING:1] HighErrorRate auth-service production', true, 'error-rate'],
    ['content-service answers 503 on every page', false, 'error-rate'],
    ['P95 latency of content-service in production 2.4 s', true, 'latency'],
    ['health check of auth-service fails', false, 'health-check'],
    ['[FIRING] three things', true, 'alert'],
    ['DiskAlmostFull', true, 'alert'],
    ['customers cannot sign in', false, 'other'],
  ])('of “%s” is of its kind', (text, isFromApp, kind) => {
    expect(reasonOf(text, isFromApp)).toEqual({ kind, text });
  });

  it('is its first line; the kind may stand further down', () => {
    const text = '\n  Alert from   Grafana \nP95 latency 2.4 s\nDashboard: https://grafana.test';
    expect(reasonOf(text, true)).toEqual({ kind: 'alert', text: 'Alert from Grafana' });
    expect(reasonOf('Grafana says\nP95 latency 2.4 s', true)).toEqual({ kind: 'latency', text: 'Grafana says' });
  });
});

it('reads blocks and attachments too, as plain text', () => {
  const message = {
    text: 'a',
    attachments: [{ title: 'b', fields: [{ value: 'c &amp; <https://x.y|link> <@U1|maya>' }] }],
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'd' } }],
  };
  expect(plainText(textsOf(message).join(' '))).toBe('a b c & link maya d');
});
