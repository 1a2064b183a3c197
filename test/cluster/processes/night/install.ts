/**
 * The bot's installation as k8s/ ships it, in a namespace of its own: definition, service account, roles, admission policy, and a binding
 * for each environment. What stands in no namespace is named after this one, so that nights side by side never share it.
 */
import { readFile } from 'node:fs/promises';
import { connect } from '#clients/kubernetes/api-server.ts';
import { kubectl } from '../../against-kubectl/kubectl.ts';
import { defineRollbacks } from '#test/harness/definition.ts';
import { patient } from '#test/harness/patient-api.ts';
import { clock, eventually, kubeconfigPath } from '../../plane.ts';

/** An administrator's connection, past every gateway. */
export const administrator = () => patient(connect({ kubeconfigPath: kubeconfigPath(), clock }));

const ACCOUNT = 'rollback-bot';
const SHARED = ['rollback-bot-authors', 'rollback-bot-definition', 'rollback-bot-environment'];

async function asAdministrator(words: string, { home = 'default', input = '' } = {}): Promise<string> {
  const { code, text } = await kubectl(home, words, input);
  if (code !== 0) throw new Error(`kubectl ${words}: ${text}`);
  return text;
}

async function manifestsOf(file: string, home: string): Promise<string[]> {
  let text = await readFile(`k8s/${file}`, 'utf8');
  text = text
    .replaceAll('namespace: rollback-bot', `namespace: ${home}`)
    .replaceAll('kubernetes.io/metadata.name: rollback-bot', `kubernetes.io/metadata.name: ${home}`);
  for (const name of SHARED) text = text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}-${home}`);
  return text.split(/^---$/m);
}

/** Several nights may do so at once: whoever comes second finds it, and changes nothing. */
export const installDefinition = (): Promise<void> =>
  defineRollbacks((words) => eventually(`kubectl ${words}`, async () => (await kubectl('default', words)).code === 0));

/** `environments`: their namespaces, which are made too. */
export async function install(home: string, environments: readonly string[]): Promise<void> {
  const namespaces = [home, ...environments].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  const roles = await manifestsOf('rbac.yaml', home);
  const binding = roles.find((text) => text.includes('namespace: lomash-wood\n'))!;
  const own = roles.filter((text) => !text.includes('namespace: lomash-wood'));
  const all = [...namespaces.map((one) => JSON.stringify(one)), ...own, ...(await manifestsOf('admission.yaml', home))];
  await asAdministrator('apply -f -', { home, input: all.join('\n---\n') });
  for (const name of environments) {
    const input = binding.replace('namespace: lomash-wood\n', `namespace: ${name}\n`);
    await asAdministrator('apply -f -', { home: name, input });
  }
}

/** Namespaces go in the background; an object that no bot settled any more would keep them. */
export async function uninstall(home: string, environments: readonly string[]): Promise<void> {
  const api = administrator();
  const { signal } = new AbortController();
  const path = `/apis/ops.lomashwood.com/v1alpha1/namespaces/${home}/rollbacks`;
  const { items } = await api.get<{ items: { metadata: { name: string } }[] }>(path, { signal });
  for (const { metadata } of items)
    await api.mergePatch(`${path}/${metadata.name}`, { metadata: { finalizers: null } }, { signal });
  await api.close();
  await asAdministrator(`delete --wait=false namespace ${[home, ...environments].join(' ')}`);
  const names = (name: string): string => `${name}-${home}`;
  await asAdministrator(
    `delete --ignore-not-found validatingadmissionpolicybinding/${names('rollback-bot-authors')} validatingadmissionpolicy/${names('rollback-bot-authors')}`,
  );
  await asAdministrator(
    `delete --ignore-not-found clusterrolebinding/${names('rollback-bot-definition')} clusterrole/${names('rollback-bot-definition')} clusterrole/${names('rollback-bot-environment')}`,
  );
}

export async function deleteLease(home: string): Promise<void> {
  await asAdministrator('delete lease rollback-bot', { home });
}

/** A token of the bot's account that is good for as long as this Secret is there: taking the Secret away ends it. */
export async function tokenBoundTo(home: string, secret: string): Promise<string> {
  await asAdministrator(`create secret generic ${secret}`, { home });
  return asAdministrator(`create token ${ACCOUNT} --bound-object-kind=Secret --bound-object-name=${secret}`, { home });
}

export async function endTokensOf(home: string, secret: string): Promise<void> {
  await asAdministrator(`delete secret ${secret}`, { home });
}
