import { describe, expect, it } from '@jest/globals';
import { mentioned, plainText, textsOf } from '#slack/shortcuts/alert.ts';
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

it('reads blocks and attachments too, as plain text', () => {
  const message = {
    text: 'a',
    attachments: [{ title: 'b', fields: [{ value: 'c &amp; <https://x.y|link> <@U1|maya>' }] }],
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'd' } }],
  };
  expect(plainText(textsOf(message).join(' '))).toBe('a b c & link maya d');
});
