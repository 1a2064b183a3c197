import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { Variables } from '#config';
import { manifests } from '#playground/cluster/server.ts';
import { serveProbes } from '../../src/probes.ts';

const read = (file: string): any[] => manifests(readFileSync(`k8s/${file}`, 'utf8'));
const all: any[] = read('deployment.yaml');
const only = (kind: string): any => all.find((object) => object.kind === kind);
const { template, selector } = only('Deployment').spec;
const [container] = template.spec.containers;
const environment = new Map<string, any>(container.env.map((variable: any) => [variable.name, variable]));
const kustomization: any = parse(readFileSync('k8s/kustomization.yaml', 'utf8'));

describe('k8s/deployment.yaml', () => {
  it('sets only variables that the bot reads, and all that it cannot do without', () => {
    const names = [...environment.keys()];
    expect(names.filter((name) => !(name in Variables.shape))).toEqual([]);
    const documented = readFileSync('.env.example', 'utf8');
    expect(names.filter((name) => !documented.includes(`\n${name}=`))).toEqual([]);
    const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
    const set = Object.fromEntries(names.map((name) => [name, environment.get(name).value ?? 'by reference']));
    expect(Variables.safeParse({ ...set, ...tokens }).success).toBe(true);
  });

  it('holds no token: what is secret comes by reference', () => {
    for (const name of ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'])
      expect(environment.get(name)).toEqual({
        name,
        valueFrom: { secretKeyRef: { name: 'rollback-bot-slack', key: expect.any(String) } },
      });
  });

  it('asks for paths that the bot serves, on the port that it is told', async () => {
    expect(container.ports).toEqual([{ name: 'probes', containerPort: Number(environment.get('PROBE_PORT').value) }]);
    const problems: string[] = [];
    const probes = await serveProbes(0, () => problems);
    const ask = async (probe: string): Promise<number> => {
      const { path, port } = container[probe].httpGet;
      expect(port).toBe('probes');
      return (await fetch(`http://127.0.0.1:${probes.port}${path}`)).status;
    };
    const asked = ['startupProbe', 'livenessProbe', 'readinessProbe'];
    expect(await Promise.all(asked.map(ask))).toEqual([200, 200, 200]);
    problems.push('not ready');
    // Restarted it would be no better off: only readiness tells.
    expect(await Promise.all(asked.map(ask))).toEqual([200, 200, 503]);
    await probes.close();
  });

  it('runs under the account that k8s/rbac.yaml gives its rights to, with a token that rotates', () => {
    const account = read('rbac.yaml').find(({ kind }) => kind === 'ServiceAccount').metadata;
    expect(template.spec.serviceAccountName).toBe(account.name);
    expect(only('Deployment').metadata.namespace).toBe(account.namespace);
    const { projected } = template.spec.volumes.find(({ name }: any) => name === 'token');
    expect(projected.sources[0].serviceAccountToken).toMatchObject({ path: 'token' });
    const { mountPath } = container.volumeMounts.find(({ name }: any) => name === 'token');
    expect(readFileSync('src/clients/kubernetes/kubeconfig.ts', 'utf8')).toContain(`'${mountPath}/token'`);
  });

  it('mounts the catalogue that the kustomization makes where the bot looks for it', () => {
    const [{ name, namespace, files }] = kustomization.configMapGenerator;
    const volume = template.spec.volumes.find((one: any) => one.configMap?.name === name);
    const { mountPath } = container.volumeMounts.find((mount: any) => mount.name === volume.name);
    expect(namespace).toBe(only('Deployment').metadata.namespace);
    expect(environment.get('CATALOGUE').value).toBe(`${mountPath}/${files[0]}`);
  });

  it('is one of two replicas, of which a budget keeps one, and its policies are about these very pods', () => {
    expect(only('Deployment').spec.replicas).toBe(2);
    expect(only('PodDisruptionBudget').spec).toMatchObject({ minAvailable: 1, selector });
    expect(only('NetworkPolicy').spec.podSelector).toEqual(selector);
    expect(template.metadata.labels).toEqual(selector.matchLabels);
    const ports = only('NetworkPolicy').spec.egress.flatMap((rule: any) => rule.ports.map(({ port }: any) => port));
    expect([...new Set(ports)]).toEqual([53, 443, 6443]);
  });
});

describe('k8s/kustomization.yaml', () => {
  it('takes in every file of the folder', () => {
    const files = readdirSync('k8s').filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml');
    const taken = [...kustomization.resources, ...kustomization.configMapGenerator[0].files];
    expect(taken.toSorted()).toEqual(files.toSorted());
  });

  it('says which image the Deployment runs', () => {
    expect(kustomization.images).toMatchObject([{ name: container.image }]);
  });
});
