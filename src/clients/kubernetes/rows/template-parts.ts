/** What plans and checks look at in a pod template: images and the names it refers to. Never a value. */
import type { TemplateRefs } from '../rows.ts';

interface NamedRef {
  name?: string;
  optional?: boolean;
}

interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: { configMapKeyRef?: NamedRef & { key?: string }; secretKeyRef?: NamedRef & { key?: string } };
}

export interface RawContainer {
  name: string;
  image?: string;
  env?: EnvVar[];
  envFrom?: { configMapRef?: NamedRef; secretRef?: NamedRef }[];
}

interface RawVolume {
  configMap?: NamedRef;
  secret?: { secretName?: string; optional?: boolean };
  projected?: { sources?: { configMap?: NamedRef; secret?: NamedRef }[] };
}

export interface RawTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: {
    containers?: RawContainer[];
    initContainers?: RawContainer[];
    volumes?: RawVolume[];
    imagePullSecrets?: NamedRef[];
  };
}

/** Older API servers wrote `creationTimestamp: null` into templates, newer ones write nothing: both mean the same. */
export function withoutNullTime(template: RawTemplate): RawTemplate {
  const { creationTimestamp = null, ...metadata } = (template.metadata ?? {}) as { creationTimestamp?: unknown };
  return template.metadata === undefined || creationTimestamp !== null ? template : { ...template, metadata };
}

/** Container name → image, main containers first, init containers left out. */
export function imagesOf(template: RawTemplate): Record<string, string> {
  return Object.fromEntries((template.spec?.containers ?? []).map((c) => [c.name, c.image ?? '']));
}

/** Names of ConfigMaps and Secrets without which a pod of this template does not start, sorted. */
export function refsOf(template: RawTemplate): TemplateRefs {
  const spec = template.spec ?? {};
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const env = containers.flatMap((c) => c.env ?? []);
  const envFrom = containers.flatMap((c) => c.envFrom ?? []);
  const volumes = spec.volumes ?? [];
  const projected = volumes.flatMap((v) => v.projected?.sources ?? []);
  return {
    configMaps: required([
      ...env.map((e) => e.valueFrom?.configMapKeyRef),
      ...envFrom.map((e) => e.configMapRef),
      ...volumes.map((v) => v.configMap),
      ...projected.map((s) => s.configMap),
    ]),
    secrets: required([
      ...env.map((e) => e.valueFrom?.secretKeyRef),
      ...envFrom.map((e) => e.secretRef),
      ...volumes.map((v) => v.secret && { ...v.secret, name: v.secret.secretName ?? '' }),
      ...projected.map((s) => s.secret),
      ...(spec.imagePullSecrets ?? []),
    ]),
  };
}

function required(refs: (NamedRef | undefined)[]): string[] {
  const names = refs.flatMap((ref) =>
    ref?.name !== undefined && ref.name !== '' && ref.optional !== true ? [ref.name] : [],
  );
  return [...new Set(names)].toSorted();
}
