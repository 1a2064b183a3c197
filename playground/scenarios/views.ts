/** The services as the world panel shows them, and the alert a monitoring bot would post. */
import type { Catalogue } from '#catalogue/catalogue.ts';
import { workloadName } from '#catalogue/catalogue.ts';
import { imageName } from '../cluster/kubelet/images.ts';
import type { Deployment, Pod, PodTemplate } from '../cluster/objects.ts';
import { annotations, deployments, isReady, pods, selects } from '../cluster/objects.ts';
import type { ClusterStorage } from '../cluster/storage.ts';
import type { Traffic } from '../services/traffic.ts';
import type { ServiceView } from '../world-protocol.ts';

type PodView = ServiceView['pods'][number];

const versionOf = ({ spec }: PodTemplate | Pod): string => imageName(spec.containers[0]?.image ?? '').tag;

function reasonOf(pod: Pod): string | undefined {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  const [container] = pod.status?.containerStatuses ?? [];
  if (container?.state.waiting) return container.state.waiting.reason;
  if (container?.state.terminated) return container.state.terminated.reason;
  if (isReady(pod)) return undefined;
  return pod.spec.nodeName ? 'NotReady' : 'Pending';
}

function podView(pod: Pod): PodView {
  const reason = reasonOf(pod);
  return { name: pod.metadata.name, version: versionOf(pod), ready: isReady(pod), ...(reason && { reason }) };
}

/** Ready pods count before others; among equals the earlier name, so that the view does not flicker. */
function commonVersion(views: readonly PodView[]): string | undefined {
  const votes = new Map<string, number>();
  for (const { version, ready } of views) votes.set(version, (votes.get(version) ?? 0) + (ready ? 100 : 1));
  return [...votes].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0];
}

export interface ViewSources {
  storage: ClusterStorage;
  catalogue: Catalogue;
  traffic: Traffic;
}

/** The catalogue's services that are deployed in the environment, in the catalogue's order. */
export function serviceViews({ storage, catalogue, traffic }: ViewSources, environment: string): ServiceView[] {
  const namespace = catalogue.environments[environment]?.namespace ?? '';
  return Object.keys(catalogue.services).flatMap((name) => {
    const workload = workloadName(catalogue, environment, name);
    const deployment = storage.peekOne(deployments, namespace, workload) as Deployment | undefined;
    if (!deployment) return [];
    const { selector, template, replicas } = deployment.spec;
    const views = (storage.peek(pods, namespace) as readonly Pod[])
      .filter((pod) => selects(selector, pod.metadata.labels))
      .map(podView);
    const { status, latencyMs } = traffic.health(environment, name);
    return [
      {
        name,
        version: commonVersion(views) ?? versionOf(template),
        wanted: versionOf(template),
        revision: Number(deployment.metadata.annotations?.[annotations.revision] ?? 0),
        pods: views,
        desired: replicas,
        health: { ok: status === 200, status, latencyMs },
        errorRate: traffic.metrics(environment, name).errorRate,
      },
    ];
  });
}

/** Plain text for a channel message of the monitoring bot. */
export function alertText(traffic: Traffic, environment: string, service: string): string {
  const { errorRate, p95LatencyMs } = traffic.metrics(environment, service);
  const { status } = traffic.health(environment, service);
  const health = status === 'no answer' ? 'does not answer' : `answers ${status}`;
  return [
    `[P1] ${service} in ${environment}: error rate ${(errorRate * 100).toFixed(1)} %, P95 latency ${p95LatencyMs} ms, health check ${health}.`,
    `Dashboard: https://grafana.lomashwood.com/d/${service}`,
  ].join('\n');
}
