/**
 * The real bot on the real plane, with the account and the rules of k8s/ and never as admin, and the emulated Slack before it. Roles are
 * bound in namespaces of the test's own.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { readConfig } from '#config';
import type { CrashPoint } from '#controller/perform.ts';
import { startBot } from '#main';
import { readManifest } from '#playground/slack/manifest.ts';
import { startSlack } from '#playground/slack/server.ts';
import type { Person } from '#playground/slack/people/person.ts';
import { kubectl } from '../against-kubectl/kubectl.ts';
import { defineRollbacks } from '#test/harness/definition.ts';
import { beUnhurried } from '#test/harness/unhurried-time.ts';
import { clock, eventually, kubeconfigPath } from '../plane.ts';

const ACCOUNT = 'rollback-bot';

interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
}

function manifests(file: string): Manifest[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as Manifest);
}

async function run(namespace: string, words: string, input = ''): Promise<string> {
  const { code, text } = await kubectl(namespace, words, input);
  if (code !== 0) throw new Error(`kubectl ${words}: ${text}`);
  return text;
}

const apply = (namespace: string, objects: readonly object[]): Promise<string> =>
  run(
    namespace,
    'apply --server-side --force-conflicts -f -',
    objects.map((object) => stringify(object)).join('---\n'),
  );

/** The roles of a file of k8s/, without their bindings, which name the company's namespaces. */
const rolesOf = (file: string): Manifest[] => manifests(file).filter(({ kind }) => kind === 'ClusterRole');

function binding(name: string, home: string, roleRef: object, kind = 'RoleBinding'): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...roleRef },
    subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace: home }],
  };
}

async function install(home: string): Promise<void> {
  await defineRollbacks((words) => eventually(words, async () => (await kubectl(home, words)).code === 0));
  const inHome = manifests('k8s/rbac.yaml')
    .filter(({ kind }) => kind === 'Role')
    .map((role) => ({ ...role, metadata: { name: role.metadata.name } }));
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT } };
  const bindings = inHome.map(({ metadata: { name } }) => binding(name, home, { kind: 'Role', name }));
  await apply(home, [
    ...rolesOf('k8s/rbac.yaml'),
    ...rolesOf('k8s/optional/stateful-sets.yaml'),
    account,
    ...inHome,
    ...bindings,
  ]);
  const definition = { kind: 'ClusterRole', name: 'rollback-bot-definition' };
  await apply(home, [binding(`rollback-bot-definition-${home}`, home, definition, 'ClusterRoleBinding')]);
}

/** Lets the bot work in a namespace by these ClusterRoles. */
export async function allow(home: string, namespace: string, roles: readonly string[]): Promise<void> {
  await apply(
    namespace,
    roles.map((name) => binding(name, home, { kind: 'ClusterRole', name })),
  );
}

/** As the administrator's, with the account's own token. */
async function kubeconfigOf(home: string): Promise<string> {
  const token = await run(home, `create token ${ACCOUNT}`);
  const admin = parse(readFileSync(kubeconfigPath(), 'utf8')) as Record<string, unknown> & {
    users: { name: string }[];
  };
  return stringify({ ...admin, users: admin.users.map(({ name }) => ({ name, user: { token } })) });
}

export interface InstalledBot {
  person(id: string): Person;
  until<T>(what: string, ask: () => T | undefined): Promise<T>;
  stop(): Promise<void>;
}

/** Into an existing namespace `home`; what `crashPoint` throws is lost as an answer would be. The roles of environments are bound by `allow`. */
export async function startInstalledBot(
  home: string,
  catalogue: object,
  allowed: () => Promise<void>,
  crashPoint: CrashPoint,
): Promise<InstalledBot> {
  await install(home);
  await allowed();
  const stopUnhurried = beUnhurried({ clocks: false });
  const folder = mkdtempSync(path.join(tmpdir(), 'rollback-installed-'));
  const files = { kubeconfig: path.join(folder, 'kubeconfig'), catalogue: path.join(folder, 'catalogue.yaml') };
  writeFileSync(files.kubeconfig, await kubeconfigOf(home), { mode: 0o600 });
  writeFileSync(files.catalogue, stringify(catalogue));
  const slack = await startSlack({
    clock,
    manifest: readManifest('manifest.yml'),
    patience: { ackMs: 60_000, triggerMs: 60_000 },
  });
  const settings = {
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_APP_TOKEN: slack.tokens.app,
    KUBECONFIG: files.kubeconfig,
    CATALOGUE: files.catalogue,
    ROLLBACK_NAMESPACE: home,
  };
  const lines: string[] = [];
  const keep = (text: string, fields?: object): void => void lines.push(`${text} ${JSON.stringify(fields ?? {})}`);
  const bot = await startBot(readConfig(settings), {
    log: { debug: () => undefined, info: () => undefined, warn: keep, error: keep },
    audit: () => undefined,
    messageIntervalMs: 100,
    crashPoint,
  });
  const people = ['U0ONCALL', 'U0BACKEND'].map((id) => slack.person(id));
  return {
    person: (id) => slack.person(id),
    until: (what, ask) =>
      eventually(what, ask, 60_000).catch((error: unknown) => {
        const seen = people.flatMap((person) => [
          `— ${person.id} —`,
          ...person.sees().map(({ reads }) => reads),
          ...person.notices(),
          person.modal()?.reads ?? 'no modal',
        ]);
        throw new Error([String(error), ...seen, ...lines.slice(-10)].join('\n'), {
          cause: error,
        });
      }),
    async stop() {
      await bot.stop();
      await slack.stop();
      await kubectl(home, `delete clusterrolebinding rollback-bot-definition-${home}`);
      rmSync(folder, { recursive: true, force: true });
      stopUnhurried();
    },
  };
}
