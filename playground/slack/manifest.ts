/**
 * The app's manifest (schema v2), as far as the emulated workspace enforces it: scopes, slash commands, shortcuts, events, App Home.
 * Limits are those of Slack's published schema; an unknown key in the parts read here is a mistake and says so.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const SlashCommand = z.strictObject({
  command: z
    .string()
    .regex(/^\/\S+$/)
    .max(32),
  description: z.string().min(1).max(2000),
  usage_hint: z.string().max(1000).default(''),
  should_escape: z.boolean().default(false),
  url: z.url().optional(),
});

const Shortcut = z.strictObject({
  name: z.string().min(1).max(24),
  type: z.enum(['message', 'global']),
  callback_id: z.string().min(1).max(255),
  description: z.string().min(1).max(150),
});

const Shape = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2) }),
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().max(140).optional(),
    long_description: z.string().min(175).max(4000).optional(),
    background_color: z
      .string()
      .regex(/^#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?$/)
      .optional(),
  }),
  features: z.strictObject({
    bot_user: z.strictObject({ display_name: z.string().min(1).max(80), always_online: z.boolean().default(false) }),
    app_home: z
      .strictObject({
        home_tab_enabled: z.boolean().default(false),
        messages_tab_enabled: z.boolean().default(false),
        messages_tab_read_only_enabled: z.boolean().default(false),
      })
      .prefault({}),
    slash_commands: z.array(SlashCommand).max(50).default([]),
    shortcuts: z.array(Shortcut).max(10).default([]),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string()).max(100) }).prefault({ bot_events: [] }),
    interactivity: z.strictObject({ is_enabled: z.boolean() }).prefault({ is_enabled: false }),
    org_deploy_enabled: z.boolean().default(false),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean().default(false),
  }),
});

/** Slash commands and shortcuts need the scope `commands`; shortcuts, buttons and modals need interactivity. */
export const Manifest = Shape.superRefine(({ features, oauth_config: oauth, settings }, context) => {
  const { slash_commands: commands, shortcuts } = features;
  if (commands.length + shortcuts.length > 0 && !oauth.scopes.bot.includes('commands')) {
    context.addIssue({
      code: 'custom',
      path: ['oauth_config', 'scopes', 'bot'],
      message: 'expected the scope commands',
    });
  }
  if (shortcuts.length > 0 && !settings.interactivity.is_enabled) {
    context.addIssue({
      code: 'custom',
      path: ['settings', 'interactivity'],
      message: 'expected interactivity for shortcuts',
    });
  }
});
export type Manifest = z.infer<typeof Manifest>;

/** Reads a manifest file. Throws with the path of each mistake. */
export function readManifest(file: string | URL): Manifest {
  return Manifest.parse(parse(readFileSync(file, 'utf8')));
}
