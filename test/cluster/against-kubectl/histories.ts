/** What may happen to a Deployment before somebody rolls it back: random, small, and the same in both namespaces. */
import * as fc from 'fast-check';
import type { RawDeployment } from '#clients/kubernetes/rows/deployment-row.ts';
import type { RawContainer, RawTemplate } from '#clients/kubernetes/rows/template-parts.ts';
import { deployment } from '../deployment.ts';
import type { Side } from './side.ts';

const SOURCES: Record<string, object> = {
  plain: { value: 'debug' },
  other: { value: 'a=b, "c"' },
  secret: { valueFrom: { secretKeyRef: { name: 'passwords', key: 'db' } } },
  config: { valueFrom: { configMapKeyRef: { name: 'settings', key: 'db' } } },
};
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const tag = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('v1', 'v2', 'v3', 'v4') },
  { weight: 3, arbitrary: fc.constantFrom('v5-broken', 'v6-crash', 'v7-broken') },
);
const aPick = fc.nat({ max: 9 });
const limit = fc.constantFrom(0, 1, 2, 10);
const annotation = fc.record({
  key: fc.constantFrom(
    'kubernetes.io/change-cause',
    'ops.lomashwood.com/deployed-by',
    'example.com/a_b',
    'note',
    'meta.helm.sh/release-name',
    'ops.lomashwood.com/locked',
  ),
  value: fc.option(fc.constantFrom('one', 'two', 'kubectl set image x=y:v1 --record=true'), { freq: 4 }),
});

const anEvent = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('image'), tag }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('env'),
      name: fc.constantFrom('LEVEL', 'DB_PASSWORD'),
      source: fc.option(fc.constantFrom(...Object.keys(SOURCES)), { freq: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart'), second: fc.nat({ max: 59 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sidecar') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('undo'), pick: fc.option(aPick) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('scale'), replicas: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resume'), as: fc.constantFrom(null, false) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('annotate'), annotation }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('limit'), limit }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('duplicate'), pick: aPick }) },
);

export const aHistory = fc.record({
  tag,
  replicas: fc.constantFrom(0, 1, 1, 2, 3),
  /** `undefined`: the API server's own, 10. */
  limit: fc.constantFrom(undefined, undefined, 0, 1, 2),
  isApplied: fc.boolean(),
  annotations: fc.array(annotation, { maxLength: 2 }),
  events: fc.array(anEvent, { minLength: 3, maxLength: 8 }),
  /** Which revision each rollback at the end goes to. */
  targets: fc.array(aPick, { minLength: 1, maxLength: 3 }),
});
export type History = typeof aHistory extends fc.Arbitrary<infer One> ? One : never;
type Event = History['events'][number];

/** Begins the history: the Deployment as somebody first creates it. */
export async function begin(side: Side, name: string, history: History): Promise<void> {
  const given = history.annotations.filter(({ value }) => value !== null).map(({ key, value }) => [key, value ?? '']);
  const annotations = { ...Object.fromEntries(given), ...(history.isApplied ? { [LAST_APPLIED]: '{}' } : {}) };
  const sketch = { image: `${name}:${history.tag}`, replicas: history.replicas, annotations };
  const limited = history.limit === undefined ? sketch : { ...sketch, revisionHistoryLimit: history.limit };
  await side.create(deployment(name, limited));
  await side.rest(name);
}

/** One thing happens; when it returns the cluster is at rest. Answers what kubectl said, where it was kubectl that did it. */
export async function happen(side: Side, name: string, event: Event): Promise<string> {
  const said = await change(side, name, event);
  await side.rest(name);
  return said;
}

async function change(side: Side, name: string, event: Event): Promise<string> {
  switch (event.do) {
    case 'scale':
      await side.merge(name, { spec: { replicas: event.replicas } });
      return '';
    case 'pause':
      await side.merge(name, { spec: { paused: true } });
      return '';
    case 'resume':
      await side.merge(name, { spec: { paused: event.as } });
      return '';
    case 'limit':
      await side.merge(name, { spec: { revisionHistoryLimit: event.limit } });
      return '';
    case 'annotate':
      await side.merge(name, { metadata: { annotations: { [event.annotation.key]: event.annotation.value } } });
      return '';
    case 'undo':
      return undo(side, name, event.pick);
    case 'duplicate': {
      const replicaSets = await side.replicaSets(name);
      const existing = new Set(replicaSets.map(({ metadata }) => metadata.name));
      const single = [...existing].filter((one) => !one.endsWith('-x') && !existing.has(`${one}-x`));
      const original = replicaSets.find(({ metadata }) => metadata.name === single[event.pick % single.length]);
      if (original !== undefined) await side.duplicate(original);
      return '';
    }
    case 'image':
    case 'env':
    case 'restart':
    case 'sidecar':
      await deploy(side, name, (template) => changed(template, event, name));
      return '';
  }
}

async function undo(side: Side, name: string, pick: number | null): Promise<string> {
  const revisions = await revisionsOf(side, name);
  const to = pick === null ? '' : ` --to-revision=${revisions[pick % revisions.length]}`;
  return (await side.kubectl(`rollout undo deployment/${name}${to}`)).text;
}

/** Every number that a ReplicaSet has now, ascending. */
export async function revisionsOf(side: Side, name: string): Promise<number[]> {
  const replicaSets = await side.replicaSets(name);
  const numbers = replicaSets.map(({ metadata }) =>
    Number(metadata.annotations?.['deployment.kubernetes.io/revision']),
  );
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

async function deploy(side: Side, name: string, fold: (template: RawTemplate) => RawTemplate): Promise<void> {
  const { spec }: RawDeployment = await side.read(name);
  await side.patch(name, [{ op: 'replace', path: '/spec/template', value: fold(spec.template) }]);
}

function changed(template: RawTemplate, event: Event, name: string): RawTemplate {
  const containers = template.spec?.containers ?? [];
  const [main, ...others] = containers as [RawContainer, ...RawContainer[]];
  const having = (next: RawContainer[]): RawTemplate => ({ ...template, spec: { ...template.spec, containers: next } });
  switch (event.do) {
    case 'image':
      return having([{ ...main, image: `${name}:${event.tag}` }, ...others]);
    case 'sidecar':
      return having(others.length > 0 ? [main] : [main, { name: 'proxy', image: 'proxy:v1' }]);
    case 'env': {
      const env = (main.env ?? []).filter((variable) => variable.name !== event.name);
      const set = event.source === null ? [] : [{ name: event.name, ...SOURCES[event.source] }];
      return having([{ ...main, env: [...env, ...set] }, ...others]);
    }
    case 'restart': {
      const restartedAt = `2026-11-23T03:00:${String(event.second).padStart(2, '0')}Z`;
      const annotations = { ...template.metadata?.annotations, 'kubectl.kubernetes.io/restartedAt': restartedAt };
      return { ...template, metadata: { ...template.metadata, annotations } };
    }
    default:
      return template;
  }
}
