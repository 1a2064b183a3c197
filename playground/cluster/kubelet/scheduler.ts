/** Nodes, and which of them a pod goes to: the one with the fewest pods. */
import type { WorldClock } from '../../clock.ts';
import type { EventRecorder } from '../controllers/event-recorder.ts';
import { timestamp } from '../controllers/trusted-client.ts';
import type { Pod } from '../objects.ts';
import { isActive, nodes, pods } from '../objects.ts';
import type { ClusterStorage } from '../storage.ts';

const nodeNames = ['node-a', 'node-b', 'node-c'];

/** Three nodes of an ordinary size, unless there are nodes already. */
export function ensureNodes(storage: ClusterStorage, nowMs: number): void {
  if (storage.peek(nodes).length > 0) return;
  const at = timestamp(nowMs);
  nodeNames.forEach((name, index) => {
    const resources = { cpu: '4', memory: '16393244Ki', pods: '110', 'ephemeral-storage': '82043340Ki' };
    storage.create(nodes, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
      },
      spec: { podCIDR: `10.244.${index}.0/24` },
      status: {
        capacity: resources,
        allocatable: resources,
        addresses: [
          { type: 'InternalIP', address: hostAddress(name) },
          { type: 'Hostname', address: name },
        ],
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'KubeletReady',
            message: 'kubelet is posting ready status',
            lastHeartbeatTime: at,
            lastTransitionTime: at,
          },
        ],
        nodeInfo: {
          kubeletVersion: 'v1.37.2',
          osImage: 'Debian GNU/Linux 13 (trixie)',
          operatingSystem: 'linux',
          architecture: 'amd64',
          containerRuntimeVersion: 'containerd://2.3.0',
          kernelVersion: '6.12.48-amd64',
        },
      },
    });
  });
}

const nodeNumber = (name: string): number => Math.max(0, nodeNames.indexOf(name));

export const hostAddress = (node: string): string => `192.168.0.${11 + nodeNumber(node)}`;

/** Addresses repeat after 250 pods of a node. */
export function podAddress(node: string, sequence: number): string {
  return `10.244.${nodeNumber(node)}.${2 + (sequence % 250)}`;
}

/** Binds a pod that has no node yet; false when it is gone or bound. */
export function schedulePod(storage: ClusterStorage, clock: WorldClock, recorder: EventRecorder, pod: Pod): boolean {
  const { namespace, name } = pod.metadata;
  const current = storage.peekOne(pods, namespace, name) as Pod | undefined;
  if (!current || current.spec.nodeName || !isActive(current)) return false;
  const load = new Map(storage.peek(nodes).map((node) => [node.metadata.name, 0]));
  for (const other of storage.peek(pods) as readonly Pod[]) {
    const node = other.spec.nodeName ?? '';
    if (load.has(node) && isActive(other)) load.set(node, (load.get(node) ?? 0) + 1);
  }
  const [node = 'node-a'] = [...load.keys()].toSorted((a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0));
  const bound = storage.revise(pods, namespace, name, (object) => ({
    ...object,
    spec: { ...(object['spec'] as object), nodeName: node },
    status: {
      ...(object['status'] as object),
      conditions: [
        { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: timestamp(clock.now()) },
      ],
    },
  }));
  const message = `Successfully assigned ${namespace ?? ''}/${name} to ${node}`;
  recorder.record('default-scheduler', bound, { type: 'Normal', reason: 'Scheduled', message });
  return true;
}
