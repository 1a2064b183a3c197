import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig, Variables } from '#config';

const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };

describe('.env.example', () => {
  it('names exactly the variables that config.ts reads', () => {
    const named = [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(Object.keys(Variables.shape).toSorted());
  });
});

describe('the environment', () => {
  it('gives defaults where nothing is said, an empty variable counting as nothing', () => {
    expect(readConfig({ ...tokens, LOG_LEVEL: '' })).toEqual({
      slack: { botToken: 'xoxb-1', appToken: 'xapp-1' },
      catalogue: 'k8s/catalogue.yaml',
      namespace: 'rollback-bot',
      logLevel: 'info',
    });
  });

  it('names each variable that is missing or wrong, and no value', () => {
    const attempt = (): unknown => readConfig({ SLACK_BOT_TOKEN: 'secret-1', LOG_LEVEL: 'loud' });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(/SLACK_BOT_TOKEN: expected a token that begins with xoxb-/);
    expect(attempt).toThrow(/SLACK_APP_TOKEN is not set/);
    expect(attempt).toThrow(/LOG_LEVEL/);
    expect(attempt).not.toThrow(/secret-1/);
  });

  it.each([
    ['8080', 8080],
    ['0', 0],
  ])('takes port %s', (text, port) => {
    expect(readConfig({ ...tokens, PROBE_PORT: text }).probePort).toBe(port);
  });

  it.each(['http', '80800', '-1', '8080.5'])('says that %s is no port', (text) => {
    expect(() => readConfig({ ...tokens, PROBE_PORT: text })).toThrow(/PROBE_PORT: expected a port number/);
  });

  it('says when the kubeconfig is not there', () => {
    expect(() => readConfig({ ...tokens, KUBECONFIG: '/nowhere/kubeconfig' })).toThrow(/KUBECONFIG: no such file/);
  });
});
