/** get and list: pages come from a snapshot that the first page took, so that a list is consistent however long it takes to read. */
import type { StoredObject } from '../../storage-contract.ts';
import { storedView, viewOf } from '../event-views.ts';
import { namedResource, type Call } from '../call.ts';
import { listOptions, tooLarge } from './list-options.ts';
import { jsonAnswer, type ApiAnswer } from '../message.ts';
import { renderList, renderObject, type Rendering } from '../representation.ts';
import { matcher } from '../selectors.ts';
import { badRequest, expired, notFound } from '../status.ts';

export function rendering({ definition, form, request, world }: Call): Rendering {
  return { definition, form, includeObject: request.query.get('includeObject'), now: world.clock.now() };
}

/** Throws 404. Frozen. */
export function existing(call: Call): StoredObject {
  const { world, definition, namespace, target } = call;
  const object = world.storage.peekOne(storedView(definition), namespace, target.name ?? '');
  if (!object) throw notFound(namedResource(call));
  return viewOf(object, definition);
}

export function get(call: Call): ApiAnswer {
  return jsonAnswer(200, renderObject(existing(call), rendering(call)));
}

interface ContinueToken {
  v: 'meta.k8s.io/v1';
  rv: number;
  start: string;
}

interface Snapshot {
  revision: number;
  objects: readonly StoredObject[];
}

const SNAPSHOTS = 100;

const CONTINUE_EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

function decodeToken(text: string): ContinueToken {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString()) as ContinueToken;
    if (token.v === 'meta.k8s.io/v1' && typeof token.start === 'string') return token;
  } catch {
    // Answered below, as every token that this server did not give.
  }
  throw badRequest('invalid continue token: continue key is not valid: illegal base64 data at input byte 0');
}

const positionOf = ({ metadata }: StoredObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** The lists under way of one server. */
export class Lists {
  readonly #snapshots = new Map<string, Snapshot>();

  list(call: Call): ApiAnswer {
    const { world, definition, namespace, request } = call;
    const { storage } = world;
    const options = listOptions(request.query, false);
    const { resourceVersion, match, continueToken } = options;
    if (Number(resourceVersion) > storage.resourceVersion()) throw tooLarge(resourceVersion, storage.resourceVersion());
    const matches = matcher(request.query, definition);
    const resource = storedView(definition);
    if (match === 'Exact' && Number(resourceVersion) !== storage.resourceVersion()) {
      throw expired('The resourceVersion for the provided list is too old.');
    }
    const start = continueToken === '' ? undefined : decodeToken(continueToken);
    const snapshot = start
      ? this.#resume(`${definition.group}/${definition.plural}/${start.rv}`)
      : { revision: storage.resourceVersion(), objects: storage.peek(resource) };
    const chosen = snapshot.objects.filter(
      (object) =>
        (namespace === undefined || object.metadata.namespace === namespace) &&
        (start === undefined || positionOf(object) > start.start) &&
        matches(object),
    );
    // From the watch cache, which a version of 0 means, everything comes at once.
    const limit = resourceVersion === '0' ? 0 : options.limit;
    const page = limit > 0 ? chosen.slice(0, limit) : chosen;
    const metadata: Record<string, unknown> = { resourceVersion: String(snapshot.revision) };
    const last = page.at(-1);
    if (last && page.length < chosen.length) {
      const key = `${definition.group}/${definition.plural}/${snapshot.revision}`;
      this.#keep(key, snapshot);
      const token: ContinueToken = { v: 'meta.k8s.io/v1', rv: snapshot.revision, start: positionOf(last) };
      metadata['continue'] = Buffer.from(JSON.stringify(token)).toString('base64url');
      // Not counted when a selector decides, as on the real server.
      if (!request.query.get('labelSelector') && !request.query.get('fieldSelector')) {
        metadata['remainingItemCount'] = chosen.length - page.length;
      }
    }
    const objects = page.map((object) => viewOf(object, definition));
    return jsonAnswer(200, renderList(objects, metadata, rendering(call)));
  }

  #resume(key: string): Snapshot {
    const snapshot = this.#snapshots.get(key);
    if (!snapshot) throw expired(CONTINUE_EXPIRED);
    return snapshot;
  }

  #keep(key: string, snapshot: Snapshot): void {
    this.#snapshots.delete(key);
    this.#snapshots.set(key, snapshot);
    const oldest = this.#snapshots.size > SNAPSHOTS ? this.#snapshots.keys().next().value : undefined;
    if (oldest !== undefined) this.#snapshots.delete(oldest);
  }

  /** Pages under way answer 410 from now on. */
  forget(): void {
    this.#snapshots.clear();
  }
}
