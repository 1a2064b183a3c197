/**
 * One namespace of one cluster: Deployments, ReplicaSets and Pods as slim rows, kept by three watches, and the pod templates that a
 * rollback needs; StatefulSets, DaemonSets and their ControllerRevisions only where the catalogue has any. Templates hold secrets: they stay
 * in this memory and go nowhere but back into a patch.
 */
import { ApiError, type Api, type KubernetesObject, type RequestOptions, type Watched, type Workloads } from './api.ts';
import type { Clock } from './clock.ts';
import {
  controllerRevisionRow,
  type RawControllerRevision,
  templateOfRevision,
} from './rows/controller-revision-row.ts';
import { daemonSetRow, type RawDaemonSet } from './rows/daemon-set-row.ts';
import { deploymentRow, type RawDeployment } from './rows/deployment-row.ts';
import { podRow, type RawPod } from './rows/pod-row.ts';
import { type RawReplicaSet, replicaSetRow } from './rows/replica-set-row.ts';
import { type RawStatefulSet, statefulSetRow } from './rows/stateful-set-row.ts';
import type { WorkloadRow, RevisionRow, WorkloadKind } from './rows.ts';
import { templateHash } from './template-hash.ts';
import type { RawTemplate } from './rows/template-parts.ts';
import { type LiveCollection, watchCollection } from './watched.ts';

const POD_TEMPLATE_HASH = 'pod-template-hash';
/** The current and the previous template of each Deployment, as text. */
const TEMPLATES_KEPT = 2;

export interface WorkloadsOptions {
  api: Api;
  namespace: string;
  clock: Clock;
  /** Kinds to watch besides Deployments; default: none. */
  kinds?: ReadonlySet<WorkloadKind>;
  /** Called when a watch broke, for the log: it goes on by itself. */
  onTrouble?: (error: unknown) => void;
}

/** The template without the label that the Deployment controller adds to a ReplicaSet's copy. */
function withoutPodTemplateHash(template: RawTemplate): RawTemplate {
  const { [POD_TEMPLATE_HASH]: added, ...labels } = template.metadata?.labels ?? {};
  return added === undefined ? template : { ...template, metadata: { ...template.metadata, labels } };
}

/** Templates of the newest ReplicaSets, by their Deployment's uid. */
class NewestTemplates {
  readonly #kept = new Map<string, { uid: string; revision: number; text: string }[]>();

  note(row: RevisionRow, template: RawTemplate): void {
    if (row.ownerUid === undefined) return;
    const others = (this.#kept.get(row.ownerUid) ?? []).filter((t) => t.uid !== row.uid);
    const isAmongNewest = others.filter((t) => t.revision > row.revision).length < TEMPLATES_KEPT;
    const entry = { uid: row.uid, revision: row.revision, text: '' };
    if (isAmongNewest) entry.text = JSON.stringify(withoutPodTemplateHash(template));
    const newest = (isAmongNewest ? [...others, entry] : others).toSorted((a, b) => b.revision - a.revision);
    this.#kept.set(row.ownerUid, newest.slice(0, TEMPLATES_KEPT));
  }

  get({ ownerUid = '', uid }: RevisionRow): RawTemplate | undefined {
    const text = this.#kept.get(ownerUid)?.find((t) => t.uid === uid)?.text;
    return text === undefined ? undefined : (JSON.parse(text) as RawTemplate);
  }

  forgetAllBut(owners: ReadonlySet<string>): void {
    for (const owner of this.#kept.keys()) if (!owners.has(owner)) this.#kept.delete(owner);
  }
}

/** Reads the template of a ReplicaSet from the server; undefined when that very version is gone. */
async function readTemplate(api: Api, row: RevisionRow, options: RequestOptions): Promise<RawTemplate | undefined> {
  try {
    const path = `/apis/apps/v1/namespaces/${row.namespace}/replicasets/${row.name}`;
    const raw = await api.get<RawReplicaSet>(path, options);
    const isSame = raw.metadata.uid === row.uid && templateHash(raw.spec.template) === row.templateHash;
    return isSame ? withoutPodTemplateHash(raw.spec.template) : undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

type ControllerRevisions = Deferred<RawControllerRevision, RevisionRow>;

/** A ControllerRevision's template is read when it is needed: StatefulSets are few. */
async function readRevision(api: Api, row: RevisionRow, options: RequestOptions): Promise<RawTemplate | undefined> {
  try {
    const path = `/apis/apps/v1/namespaces/${row.namespace}/controllerrevisions/${row.name}`;
    const raw = await api.get<RawControllerRevision>(path, options);
    return raw.metadata.uid === row.uid ? templateOfRevision(raw) : undefined;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** The caches of StatefulSets and DaemonSets, where they are wanted; `begin` starts their watches. */
function furtherKinds(kinds: ReadonlySet<WorkloadKind> = new Set()) {
  const statefulSets = kinds.has('StatefulSet') ? new Deferred<RawStatefulSet, WorkloadRow>(statefulSetRow) : undefined;
  const daemonSets = kinds.has('DaemonSet') ? new Deferred<RawDaemonSet, WorkloadRow>(daemonSetRow) : undefined;
  const isNeeded = statefulSets !== undefined || daemonSets !== undefined;
  const controllerRevisions: ControllerRevisions | undefined = isNeeded
    ? new Deferred<RawControllerRevision, RevisionRow>(controllerRevisionRow)
    : undefined;
  return {
    caches: {
      ...(statefulSets && { statefulSets }),
      ...(daemonSets && { daemonSets }),
      ...(controllerRevisions && { controllerRevisions }),
    },
    begin(apps: string, shared: Omit<Begin, 'path'>): void {
      void statefulSets?.begin({ ...shared, path: `${apps}/statefulsets` });
      void daemonSets?.begin({ ...shared, path: `${apps}/daemonsets` });
      void controllerRevisions?.begin({ ...shared, path: `${apps}/controllerrevisions` });
    },
  };
}

/** Watches nothing before `start`, which is called once. */
export function workloads({ api, namespace, clock, kinds, onTrouble }: WorkloadsOptions): Workloads {
  const templates = new NewestTemplates();
  const deployments = new Deferred<RawDeployment, ReturnType<typeof deploymentRow>>(deploymentRow);
  const pods = new Deferred<RawPod, ReturnType<typeof podRow>>(podRow);
  const replicaSets = new Deferred<RawReplicaSet, RevisionRow>((raw) => {
    const row = replicaSetRow(raw);
    templates.note(row, raw.spec.template);
    return row;
  });
  const further = furtherKinds(kinds);
  const isRevision = ({ name, uid }: RevisionRow): boolean =>
    further.caches.controllerRevisions?.get(name)?.uid === uid;
  return {
    namespace,
    api,
    deployments,
    replicaSets,
    pods,
    ...further.caches,
    template: async (row, signal) => {
      if (isRevision(row)) return readRevision(api, row, { signal });
      return templates.get(row) ?? (await readTemplate(api, row, { signal }));
    },
    async start(signal) {
      const shared = { api, clock, signal, ...(onTrouble === undefined ? {} : { onTrouble }) };
      const apps = `/apis/apps/v1/namespaces/${namespace}`;
      deployments.onChange((name) => {
        const isGone = deployments.get(name) === undefined;
        if (isGone) templates.forgetAllBut(new Set(deployments.all().map((d) => d.uid)));
      });
      // Not waited for: where the bot may not watch them, the other services must not wait either.
      further.begin(apps, shared);
      await Promise.all([
        deployments.begin({ ...shared, path: `${apps}/deployments` }),
        replicaSets.begin({ ...shared, path: `${apps}/replicasets` }),
        pods.begin({ ...shared, path: `/api/v1/namespaces/${namespace}/pods` }),
      ]);
    },
  };
}

type Begin = Omit<Parameters<typeof watchCollection>[0], 'toRow'>;

/** A collection that can be listened to before its watch begins. */
class Deferred<Raw extends KubernetesObject, Row> implements Watched<Row> {
  readonly #toRow: (raw: Raw) => Row;
  readonly #listeners = new Set<(name: string) => void>();
  #live: LiveCollection<Raw, Row> | undefined;

  constructor(toRow: (raw: Raw) => Row) {
    this.#toRow = toRow;
  }

  all = (): Row[] => this.#live?.all() ?? [];
  get = (name: string): Row | undefined => this.#live?.get(name);
  isSynced = (): boolean => this.#live?.isSynced() ?? false;
  silentForMs = (): number => this.#live?.silentForMs() ?? Infinity;
  refresh = (olderThanMs: number): void => this.#live?.refresh(olderThanMs);
  onChange = (listener: (name: string) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  begin(options: Begin): Promise<void> {
    this.#live = watchCollection<Raw, Row>({ ...options, toRow: this.#toRow });
    this.#live.onChange((name) => {
      for (const listener of this.#listeners) listener(name);
    });
    return this.#live.synced;
  }
}
