import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { shortcuts } from '#slack/shortcuts/index.ts';

const manifest: any = parse(readFileSync('manifest.yml', 'utf8'));

/** What Slack's documentation asks for; a method that is not here has to be looked up first. */
const SCOPES: Record<string, string[]> = {
  'auth.test': [],
  'chat.delete': ['chat:write'],
  'chat.getPermalink': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.replies': ['channels:history', 'groups:history'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

/** Web API methods that src/ calls. */
function called(): Set<string> {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const families = 'auth|bots|chat|conversations|files|pins|reactions|usergroups|users|views';
  const call = new RegExp(`\\.((?:${families})\\.[a-zA-Z]+(?:\\.[a-zA-Z]+)?)\\(`, 'g');
  const texts = files.map((file) => readFileSync(path.join('src', file), 'utf8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(call)].map(([, method]) => method!)));
}

describe('manifest.yml', () => {
  const methods = [...called()].filter((method) => method in SCOPES || !/\.(get|has|set|filter|map|all)$/.test(method));

  it('asks for exactly the scopes of the methods that the code calls, and of commands', () => {
    expect(methods.filter((method) => !(method in SCOPES))).toEqual([]);
    const needed = new Set(['commands', ...methods.flatMap((method) => SCOPES[method]!)]);
    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...needed].toSorted());
  });

  it('names exactly the shortcuts that the code answers', () => {
    const named = manifest.features.shortcuts.map(({ callback_id: id }: { callback_id: string }) => id);
    expect(named.toSorted()).toEqual([...shortcuts.keys()].toSorted());
  });

  it('has the one command, and takes plain text: names are not turned into mentions', () => {
    expect(manifest.features.slash_commands).toMatchObject([{ command: '/rollback', should_escape: false }]);
  });
});
