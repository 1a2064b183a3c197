/** What the simulated registry knows: how a container of an image behaves, and the digest that a tag points to. */
import { createHash } from 'node:crypto';

export type ImageBehaviour =
  /** Starts, becomes ready, answers. */
  | 'ok'
  /** Cannot be pulled: ErrImagePull, then ImagePullBackOff. */
  | 'not-found'
  /** Starts and exits with code 1, again and again. */
  | 'crash-loop'
  /** Runs and is ready, but answers 500. */
  | 'bad'
  /** Runs and is ready, but takes long. */
  | 'slow'
  /** Runs, but its readiness probe fails. */
  | 'never-ready';

export interface ImageRegistry {
  behaviourOf(image: string): ImageBehaviour;
  /** `repository@sha256:…`, as the kubelet reports it. */
  digestOf(image: string): string;
  push(image: string, behaviour: ImageBehaviour): void;
  /** As a registry's lifecycle rule does: it cannot be pulled any more, and nodes have forgotten it. */
  expire(image: string): void;
  /** Tags known of a repository, in the order they were pushed. */
  tagsOf(repository: string): string[];
  /** Forgets everything. */
  clear(): void;
}

/** Tags that say how they behave, understood by the tests' real control plane too. */
const bySuffix: [string, ImageBehaviour][] = [
  ['-broken', 'not-found'],
  ['-crash', 'crash-loop'],
  ['-bad', 'bad'],
  ['-slow', 'slow'],
  ['-never-ready', 'never-ready'],
];

export function imageName(image: string): { repository: string; tag: string } {
  const digestAt = image.indexOf('@');
  const named = digestAt < 0 ? image : image.slice(0, digestAt);
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/');
  return { repository: hasTag ? named.slice(0, colon) : named, tag: hasTag ? named.slice(colon + 1) : 'latest' };
}

/**
 * An unknown tag of a repository that was pushed to is not found; in any other repository it behaves as its suffix says, else ok.
 */
export function imageRegistry(): ImageRegistry {
  const repositories = new Map<string, Map<string, ImageBehaviour>>();

  function behaviourOf(image: string): ImageBehaviour {
    const { repository, tag } = imageName(image);
    const known = repositories.get(repository)?.get(tag);
    if (known) return known;
    const suffixed = bySuffix.find(([suffix]) => tag.endsWith(suffix));
    if (suffixed) return suffixed[1];
    return repositories.has(repository) ? 'not-found' : 'ok';
  }

  function push(image: string, behaviour: ImageBehaviour): void {
    const { repository, tag } = imageName(image);
    const tags = repositories.get(repository) ?? new Map<string, ImageBehaviour>();
    repositories.set(repository, tags.set(tag, behaviour));
  }

  return {
    behaviourOf,
    push,
    expire: (image) => push(image, 'not-found'),
    digestOf(image) {
      const { repository, tag } = imageName(image);
      const pinned = image.split('@')[1];
      return `${repository}@${pinned ?? `sha256:${createHash('sha256').update(`${repository}:${tag}`).digest('hex')}`}`;
    },
    tagsOf: (repository) => [...(repositories.get(repository)?.keys() ?? [])],
    clear: () => repositories.clear(),
  };
}
