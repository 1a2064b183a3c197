/** Simulated customers: what a request to a service meets, given the pods that are ready now and what their images do. */
import { createHash } from 'node:crypto';
import type { Catalogue } from '#catalogue/catalogue.ts';
import { workloadName } from '#catalogue/catalogue.ts';
import type { ImageBehaviour, ImageRegistry } from '../cluster/kubelet/images.ts';
import { imageName } from '../cluster/kubelet/images.ts';
import type { Deployment, Pod } from '../cluster/objects.ts';
import { deployments, isActive, isReady, pods, selects } from '../cluster/objects.ts';
import type { ClusterStorage } from '../cluster/storage.ts';

export interface TrafficOptions {
  storage: ClusterStorage;
  images: ImageRegistry;
  catalogue: Catalogue;
  clock: { now(): number };
  /** 0..1; chooses which pod answers. */
  random: () => number;
}

export interface Answer {
  /** `no answer`: the connection is closed, because nothing in front of the services runs. */
  status: number | 'no answer';
  latencyMs: number;
  service: string;
  version?: string;
  pod?: string;
}

export interface TrafficMetrics {
  /** 0..1. */
  errorRate: number;
  p95LatencyMs: number;
  requestsPerSecond: number;
}

export interface Traffic {
  /** One request, through the gateway. */
  request(environment: string, service: string): Answer;
  /** What most requests meet; the worse of two when pods differ. */
  health(environment: string, service: string): Answer;
  metrics(environment: string, service: string): TrafficMetrics;
}

interface Backend {
  pod: string;
  version: string;
  behaviour: ImageBehaviour;
}

/** Share of requests that fail on a bad version: logins do, health checks do, static answers do not. */
const badShare = 0.62;
const slowMs = 2100;
const noiseWindowMs = 5000;

function drawn(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}

const usualLatencyMs = (service: string): number => 25 + Math.round(60 * drawn(service));

function backendsOf({ storage, images, catalogue }: TrafficOptions, environment: string, service: string): Backend[] {
  const namespace = catalogue.environments[environment]?.namespace ?? '';
  const workload = workloadName(catalogue, environment, service);
  const deployment = storage.peekOne(deployments, namespace, workload) as Deployment | undefined;
  if (!deployment) return [];
  const { selector } = deployment.spec;
  return (storage.peek(pods, namespace) as readonly Pod[])
    .filter((pod) => isActive(pod) && isReady(pod) && selects(selector, pod.metadata.labels))
    .map((pod) => {
      const image = pod.spec.containers[0]?.image ?? '';
      return { pod: pod.metadata.name, version: imageName(image).tag, behaviour: images.behaviourOf(image) };
    });
}

function answerOf(service: string, backend: Backend | undefined, viaStatus?: number): Answer {
  const latencyMs = usualLatencyMs(service);
  if (!backend) return { status: 503, latencyMs: 5, service };
  const { pod, version, behaviour } = backend;
  const status = viaStatus ?? (behaviour === 'bad' ? 500 : 200);
  return { status, latencyMs: behaviour === 'slow' ? latencyMs + slowMs : latencyMs, service, version, pod };
}

const severity = { bad: 2, slow: 1 } as Partial<Record<ImageBehaviour, number>>;

const worst = (backends: readonly Backend[]): Backend | undefined =>
  backends.toSorted((a, b) => (severity[b.behaviour] ?? 0) - (severity[a.behaviour] ?? 0))[0];

const shareOf = (backends: readonly Backend[], behaviour: ImageBehaviour): number =>
  backends.length === 0 ? 0 : backends.filter((b) => b.behaviour === behaviour).length / backends.length;

/** Reads the cluster at each call; keeps nothing. */
export function simulateTraffic(options: TrafficOptions): Traffic {
  const { catalogue, clock, random } = options;
  const gateway = Object.entries(catalogue.services).find(([, service]) => service.gateway)?.[0];

  function throughGateway(environment: string, service: string, choose: (b: Backend[]) => Backend | undefined): Answer {
    const own = backendsOf(options, environment, service);
    if (gateway === undefined) return answerOf(service, choose(own));
    const gateways = service === gateway ? own : backendsOf(options, environment, gateway);
    const first = choose(gateways);
    if (!first) return { status: 'no answer', latencyMs: 0, service };
    const passed = answerOf(gateway, first);
    if (service === gateway) return passed;
    const answer = answerOf(service, choose(own), first.behaviour === 'bad' ? 502 : undefined);
    const delayMs = first.behaviour === 'slow' ? slowMs : 0;
    return { ...answer, latencyMs: answer.latencyMs + delayMs };
  }

  function metrics(environment: string, service: string): TrafficMetrics {
    const window = Math.floor(clock.now() / noiseWindowMs);
    const noise = drawn(`${environment}/${service}/${window}`);
    const own = backendsOf(options, environment, service);
    const gateways = gateway === undefined || gateway === service ? own : backendsOf(options, environment, gateway);
    const isDown = own.length === 0 || gateways.length === 0;
    const bad =
      1 - (1 - badShare * shareOf(own, 'bad')) * (1 - badShare * shareOf(gateways, 'bad') * Number(gateways !== own));
    const slow = Math.max(shareOf(own, 'slow'), shareOf(gateways, 'slow'));
    return {
      errorRate: isDown ? 1 : Math.min(1, bad * (0.92 + 0.16 * noise) + 0.001 + 0.003 * noise),
      p95LatencyMs: Math.round(usualLatencyMs(service) * (1.8 + 0.3 * noise) + (slow > 0.05 ? slowMs : 0)),
      requestsPerSecond: Math.round(20 + 180 * drawn(service) + 20 * noise),
    };
  }

  return {
    request: (environment, service) =>
      throughGateway(environment, service, (backends) => backends[Math.floor(random() * backends.length)]),
    health: (environment, service) => throughGateway(environment, service, worst),
    metrics,
  };
}
